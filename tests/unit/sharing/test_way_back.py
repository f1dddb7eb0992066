"""The path to go back to after keeping: this site's, or none."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.sharing.forms import own_path

HERE = "https://doorstep.example/en/list/keep"


@pytest.mark.parametrize("path", ["/", "/en/search?q=my+mum%27s+falls&place=ZZ1#n3", "/ur/services/6a1c0a4e-6f7b-4b55-9d7f-2f7f6a1c0a4e"])
def test_a_path_of_this_site_is_followed(path: str) -> None:
    assert own_path(path) == path


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "\\/evil.example",
        "https:evil.example",
        "https://evil.example/",
        "https:/evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "evil.example",
        "en/list",
        "/\t/evil.example",
        "/\n/evil.example",
        "\n//evil.example",
        " //evil.example",
        "/en/list\nSet-Cookie: a=b",
        "/en/list\r\nLocation: https://evil.example",
        "/en/\\\\evil.example",
        "/en/list\x00",
        "/" + "a" * 3_000,
    ],
)
def test_anything_else_is_not(text: str | None) -> None:
    assert own_path(text) == ""


@given(st.text(alphabet="/\\:.@?#\t\n\r %ehtps", max_size=20) | st.text())
def test_what_is_followed_stays_on_this_host_as_browsers_read_it(text: str) -> None:
    path = own_path(text)
    as_browsers_do = "".join(letter for letter in path if letter not in "\t\r\n").strip().replace("\\", "/")
    assert urlsplit(urljoin(HERE, as_browsers_do)).netloc == "doorstep.example"
    assert path in ("", text)
