"""The server's place in reprise.toml, which people edit: nothing else of it changes."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.adapters.enrolment.settings_file import with_server
from reprise.errors import InputError

NEW = {"url": "https://new.example.org", "key": "k" * 43}


def changed(text: str, values: dict[str, str] | None = None) -> str:
    after = with_server(text, "reprise.toml", values or NEW)
    before: dict[str, Any] = tomllib.loads(text)
    wanted = {**before, "server": {**before.get("server", {}), **(values or NEW)}}
    assert tomllib.loads(after) == wanted
    return after


def test_an_empty_file_gets_the_section() -> None:
    assert changed("") == f'[server]\nurl = "https://new.example.org"\nkey = "{"k" * 43}"\n'


def test_what_stands_there_stays_to_the_letter() -> None:
    text = (
        "# Ours: do not lose it\n[station]\nname = 'Atelier' # bench\n\n[server]\n"
        '# url = "https://reprise.example.org"\n  url="http://10.0.0.1" # old\n'
        'proxy = "http://proxy:3128"\n\n[wifi]\nssid = "Mairie"\n'
    )
    after = changed(text)
    for line in text.splitlines():
        assert ("url=" in line) != (line in after.splitlines()), line
    assert after.index("[server]") < after.index('url = "https://new') < after.index("[wifi]")


@pytest.mark.parametrize(
    "text",
    [
        "[station]\nname = 'x'",
        "[ server ]  # here\n",
        "[server]",
        "[server]\r\nurl = 'a'\r\n[station]\r\nname = 'b'\r\n",
        "[server]\nread_timeout_s = 3\nurlish = 1\n"[: len("[server]\nread_timeout_s = 3\n")],
        "[station]\nname = '''\n[server]\n'''\n[server]\nproxy = ''\n"[0:0],
        'x = 1\n[[auto]]\n[server]\nurl = ""\n',
    ],
)
def test_other_ways_to_write_it(text: str) -> None:
    after = changed(text)
    assert ("\r\n" in text) == ("\r\n" in after)
    assert changed(after) == after


@pytest.mark.parametrize(
    "text",
    [
        'server = {url = "https://old.example.org"}\n',
        'server.url = "https://old.example.org"\n',
        "[station]\nname = '''\n[server]\n'''\n",
        '[server]\nurl = """\nhttps://old.example.org"""\n',
        '["server"]\nurl = "https://old.example.org"\n',
        "[server\n",
        "url = \n",
    ],
)
def test_what_cannot_be_changed_safely_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        with_server(text, "reprise.toml", NEW)


@given(
    st.lists(
        st.sampled_from(
            [
                *("# url = 1", "", "[server]", "[station]", "[wifi]", 'url = "a"', "key='b'"),
                *("name = '[server]'", 'ssid = """', '"""', "proxy = ''", "[server.x]", "# é"),
                *("ca_file = 'ca.pem' # url = 2", "  url  =  'c'"),
            ]
        ),
        max_size=9,
    ),
    st.sampled_from(["\n", "\r\n"]),
)
def test_whatever_stands_there_nothing_else_changes_or_it_is_refused(
    lines: list[str], end: str
) -> None:
    text = end.join(lines)
    try:
        after = with_server(text, "reprise.toml", NEW)
    except InputError:
        return
    before = tomllib.loads(text)
    assert tomllib.loads(after) == {**before, "server": {**before.get("server", {}), **NEW}}
    ours = ("url", "key", "[server]")  # what may be replaced, and what may be new
    rest = [line for line in after.splitlines() if not line.strip().startswith(ours)]
    kept = [line for line in lines if not line.strip().startswith(ours)]
    assert [line for line in rest if line] == [line for line in kept if line]
