"""spectrum_page.py: one file that loads nothing, and escapes whatever it is given."""

from html.parser import HTMLParser

from support.records import spectrum_record

from landtheory.spectrum_page import POLICY, spectrum_page

HOSTILE = "<script>alert(1)</script>\"'&<img src=x onerror=alert(2)>"


class Tags(HTMLParser):
    """The tags with their attributes, and the text between them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_loads_nothing() -> None:
    found = Tags(spectrum_page(spectrum_record(), {"density": b"<svg/>"}))
    assert ("meta", {"http-equiv": "Content-Security-Policy", "content": POLICY}) in (
        found.tags
    )
    sources = [attrs["src"] for _, attrs in found.tags if "src" in attrs]
    assert sources == ["data:image/svg+xml;base64,PHN2Zy8+"]
    assert not any("href" in attrs for _, attrs in found.tags)
    assert "not converged" in found.text
    assert "5 in [4.5, 5.5] at 95 %" in found.text


def test_hostile_names_are_text() -> None:
    record = spectrum_record(notices=[HOSTILE], version=HOSTILE)
    record["network"] |= {"model": HOSTILE, "data": HOSTILE}
    record["settings"] |= {"weights": HOSTILE}
    interval = {"value": 1.0, "lower": 1.0, "upper": 1.0, "level": 1.0}
    row = {"layer": HOSTILE, "p": 1, "value": 1.0, "bound": 0.0, "converged": True}
    record["layers"] = [row | {"trace": interval}]
    found = Tags(spectrum_page(record, {}))
    clean = Tags(spectrum_page(spectrum_record(), {}))
    assert {tag for tag, _ in found.tags} == {tag for tag, _ in clean.tags}
    assert HOSTILE in found.text
    assert not any(key.startswith("on") for _, attrs in found.tags for key in attrs)
