"""The station's side of the server: handing in a report, reading it back, health."""

from __future__ import annotations

import asyncio
import logging

from sqlalchemy import Engine, text
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from reprise import codec
from reprise.domain.station.delivery import SLOWEST
from reprise.errors import StorageError
from reprise.server.archive import find_report
from reprise.server.database import FullError, reading
from reprise.server.intake import checked_id, take_report
from reprise.server.problems import ProblemError, ProblemKind
from reprise.server.settings import ServerSettings
from reprise.server.stations import find_station

log = logging.getLogger("reprise.server")

JOSE = "application/jose"  # RFC 7515, 9.2.1: JWS in compact serialisation
_BODY_TIMEOUT_S = 60.0  # and as long as what came takes at the slowest pace
# What is read and thrown away after the limit, so that a sender who is a little over it gets to
# read the answer; who sends more has the connection closed.
_DISCARD_BYTES = 16 * 1024 * 1024


def settings_of(request: Request) -> ServerSettings:
    settings: ServerSettings = request.app.state.settings
    return settings


def engine_of(request: Request) -> Engine:
    engine: Engine = request.app.state.engine
    return engine


def _check_headers(request: Request, limit: int) -> None:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    packed = request.headers.get("content-encoding", "identity").strip().lower()
    if kind != JOSE or packed != "identity":
        raise ProblemError(ProblemKind.WRONG_MEDIA_TYPE)
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > limit + _DISCARD_BYTES:
        raise ProblemError(ProblemKind.TOO_LARGE, _limit_text(limit))


def _limit_text(limit: int) -> str:
    return f"({limit} max)"


async def _read_body(request: Request, limit: int) -> bytes:
    """At most `limit` bytes are ever held. Who sends slowly is heard out, as long as it is not
    slower than a station takes a server to be. Raises ProblemError."""
    body = bytearray()
    discarded = 0
    try:
        async with asyncio.timeout(_BODY_TIMEOUT_S) as patience:
            until = patience.when() or 0.0
            async for chunk in request.stream():
                if discarded or len(body) + len(chunk) > limit:
                    body.clear()
                    discarded += len(chunk)
                    if discarded > _DISCARD_BYTES:
                        break
                else:
                    body += chunk
                    patience.reschedule(until + len(body) / SLOWEST)
    except TimeoutError as error:
        raise ProblemError(ProblemKind.TOO_SLOW) from error
    if discarded:
        raise ProblemError(ProblemKind.TOO_LARGE, _limit_text(limit))
    return bytes(body)


async def put_or_get(request: Request) -> Response:
    """One route for both, so that another method gets 405 and not the other route's 404."""
    if request.method == "PUT":
        return await put(request)
    return await run_in_threadpool(get, request)


async def put(request: Request) -> Response:
    report_id = request.path_params["report_id"]
    limit = settings_of(request).max_body_bytes
    try:
        _check_headers(request, limit)
        body = await _read_body(request, limit)
        status, receipt = await run_in_threadpool(take_report, engine_of(request), report_id, body)
    except ProblemError as error:
        problem = error.problem
        log.warning(
            "refused report %r: %d %s %r",
            report_id[:60],
            problem.status,
            problem.kind.value,
            problem.because,
        )
        raise
    except FullError as error:
        log.warning("report %r not stored: %s", report_id[:60], error.what)
        raise ProblemError(ProblemKind.NO_ROOM) from error
    except StorageError as error:
        log.warning("report %r not stored: %s", report_id[:60], error.what)
        raise ProblemError(ProblemKind.STORAGE) from error
    except ClientDisconnect:
        log.warning("report %r: the sender hung up", report_id[:60])
        return Response(status_code=400)
    log.info("report %s: %d sha256 %s", report_id, status, receipt.sha256)
    headers = {"Location": f"/reports/{report_id}"}
    return Response(codec.to_json(receipt), status, headers, "application/json")


def get(request: Request) -> Response:
    """The exact bytes that the station handed in."""
    report_id = checked_id(request.path_params["report_id"])
    stored = find_report(engine_of(request), report_id)
    if stored is None:
        raise ProblemError(ProblemKind.NOT_FOUND)
    headers = {
        "Content-Disposition": f'attachment; filename="{report_id}.jws"',
        "ETag": f'"{stored.sha256}"',
    }
    return Response(stored.jws, 200, headers, JOSE)


def station_key(request: Request) -> Response:
    """The public key of an enrolled (or revoked) station, as PEM."""
    kid = request.path_params["kid"]
    station = find_station(engine_of(request), kid)
    if station is None:
        raise ProblemError(ProblemKind.NOT_FOUND)
    headers = {"Content-Disposition": f'attachment; filename="{station.kid}.pub.pem"'}
    return Response(station.public_pem, 200, headers, "application/x-pem-file")


def health(request: Request) -> Response:
    with reading(engine_of(request)) as connection:
        connection.execute(text("SELECT count(*) FROM stations"))
    return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


ROUTES = [
    Route("/api/v1/reports/{report_id}", put_or_get, methods=["PUT", "GET"]),
    Route("/api/v1/stations/{kid}/key.pem", station_key, methods=["GET"]),
    Route("/healthz", health, methods=["GET"]),
]
