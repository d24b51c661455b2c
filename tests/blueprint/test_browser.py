"""The page in a browser: it is read as it is meant to be, on a desk and on a phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.browser import PROGRAM, Browser

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(PROGRAM is None, reason="Chromium is not on this machine"),
]

SIZES = (1280, 390)

SHOWN = "[...document.querySelectorAll('article:not([hidden])')].map(e => e.id)"

WIDER = """[...document.querySelectorAll('body *')].filter(e =>
  e.getBoundingClientRect().right > innerWidth + 1 && e.getClientRects().length
  && !e.closest('.scroll, .m.long, pre')).map(e => e.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser() as one:
        yield one


@pytest.fixture(params=SIZES)
def at(request: pytest.FixtureRequest, browser: Browser, file: Path) -> str:
    """The address, in a browser of one of the sizes that has nothing to complain of."""
    browser.size(request.param)
    browser.logged.clear()
    return file.as_uri()


def test_nothing_is_wider_than_the_screen(browser: Browser, at: str) -> None:
    browser.go(at)
    browser.ask("document.querySelectorAll('details').forEach(d => { d.open = true })")
    assert browser.ask("document.documentElement.scrollWidth <= innerWidth")
    assert browser.ask(WIDER) == []
    assert browser.logged == []


def test_search_finds_and_hides(browser: Browser, at: str) -> None:
    browser.go(f"{at}#?q=hadamard")
    assert browser.ask(SHOWN) == []
    assert (
        browser.ask("document.getElementById('count').textContent") == "Nothing fits."
    )
    browser.go(f"{at}#?q=Sylvester")
    assert browser.ask(SHOWN) == ["T10", "L-congruence"]
    browser.go(f"{at}#?topic=volume&q=rank")
    shown = browser.ask(SHOWN)
    assert "T16" in shown
    assert set(shown) <= {"T15", "T16", "T29"}
    browser.go(f"{at}#?evidence=formal")
    assert browser.ask(SHOWN) == ["T06", "T07", "T08", "R03"]
    browser.go(f"{at}#?state=proved")
    assert browser.ask(SHOWN) == ["T01"]
    assert browser.logged == []


def test_all_is_done_from_the_keyboard(browser: Browser, at: str) -> None:
    browser.go(at)
    browser.press("/", "/")
    assert browser.ask("document.activeElement.id") == "q"
    for letter in "t28":
        browser.press(letter, letter)
    assert browser.ask("document.getElementById('q').value") == "t28"
    assert browser.ask("location.hash") == "#?q=t28"
    assert "T28" in browser.ask(SHOWN)
    browser.press("Enter", "\r")
    browser.wait("location.hash === '#T28'")
    browser.press("/", "/")
    browser.press("Escape")
    assert browser.ask("document.getElementById('q').value") == ""
    assert len(browser.ask(SHOWN)) > 60
    assert browser.logged == []


def test_links_arrive_and_open_what_is_folded(browser: Browser, at: str) -> None:
    top = "document.getElementById('{0}').getBoundingClientRect().top"
    for anchor in ("T06", "T06-b", "F-T08_all", "T11-proof"):
        browser.go(f"{at}#{anchor}")
        where = browser.ask(top.format(anchor))
        assert -5 <= where < 300, anchor
        assert browser.ask(f"document.getElementById('{anchor}').checkVisibility()"), (
            anchor
        )
    assert browser.ask("document.getElementById('T11-proof').open")
    # what a search has hidden is shown again when a link leads to it
    browser.go(f"{at}#?q=sylvester")
    browser.ask("location.hash = '#T24'")
    browser.wait("!document.getElementById('T24').hidden")
    assert browser.logged == []


def test_light_and_dark(browser: Browser, at: str) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    browser.go(at)
    light = browser.ask(paper)
    browser.size(browser.ask("innerWidth"), dark=True)
    assert browser.ask(paper) != light
    assert browser.logged == []


def test_paper_shows_proofs_and_no_controls(browser: Browser, at: str) -> None:
    browser.go(at)
    browser.call("Emulation.setEmulatedMedia", media="print")
    shown = "document.getElementById('{0}').checkVisibility()"
    assert not browser.ask(shown.format("tools"))
    assert browser.ask(shown.format("T06"))
    inner = "document.querySelector('#T06-proof p').checkVisibility()"
    assert not browser.ask(inner)
    browser.ask("window.dispatchEvent(new Event('beforeprint'))")
    assert browser.ask(inner)
    browser.ask("window.dispatchEvent(new Event('afterprint'))")
    assert not browser.ask(inner)
    browser.call("Emulation.setEmulatedMedia", media="")
    assert browser.logged == []


def test_the_neighbourhood_of_a_node_is_lit(browser: Browser, at: str) -> None:
    browser.go(at)
    browser.ask("document.querySelector('[data-node=T09]').focus()")
    near = browser.ask(
        "[...document.querySelectorAll('.graph .near')].map(e => e.dataset.node).sort()"
    )
    assert near == ["T01", "T02", "T04", "T06", "T07", "T09", "T14"]
    assert browser.logged == []
