"""What may be installed after the plan that stands."""

from __future__ import annotations

from collections.abc import Iterable

from reprise.domain.install.options import InstallOptions
from reprise.errors import RepriseError
from reprise.ports import OsInstaller
from reprise.workflow.engine.port import InstallChoice, Offer
from reprise.workflow.session.drive_view import DriveView
from reprise.workflow.session.install import cannot_encrypt, ordered_images, slowness


def offer_for(
    digest: str, drives: Iterable[DriveView], installer: OsInstaller, wished: InstallOptions
) -> tuple[Offer, tuple[RepriseError, ...]]:
    """Each image with each of `drives` that it fits on (the wished image and the quickest, then
    the largest drive first), and what is wrong with the images. `digest`: the plan's."""
    ordered = sorted(drives, key=lambda view: slowness(view.drive))
    try:
        images = ordered_images(installer, wished.image, wished.encrypt)
        problems = (*installer.problems(), *cannot_encrypt(images, wished.encrypt))
        choices = tuple(
            InstallChoice(view.key, image.name)
            for image in images
            for view in ordered
            if installer.fits(image.name, view.drive) is None
        )
        return Offer(digest, choices, images), problems
    except RepriseError as error:
        return Offer(digest), (error,)
