"""A tagged PDF: beside what is drawn the file tells which words are headings, lists and tables, and
in which order they are read. reportlab draws and does not tell.

The tree grows as things are drawn. All else, as lines, backgrounds and feet of pages, is marked as
no part of the text. What is torn over pages is one element with words on each of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFObjectReference
from reportlab.pdfgen.canvas import Canvas


@dataclass(eq=False, slots=True)
class Element:
    """A node of the tree. `kids`: elements, or (page from 1, number of the mark on it)."""

    tag: str  # of ISO 32000-1, 14.8.4
    attributes: dict[str, Any] = field(default_factory=dict)
    bears_words: bool = False  # a cell of one paragraph needs no element for that
    parent: Element | None = None
    kids: list[Element | tuple[int, int]] = field(default_factory=list)


class TaggedCanvas(Canvas):  # type: ignore[misc]
    """What is drawn belongs to the element that was entered last; None is no part of the text."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs, pdfVersion=(1, 5))  # of /Tabs and /Scope
        self._root = Element("Document")
        self._entered: list[Element | None] = [self._root]
        self._label: Element | None = None  # whose text comes first
        self._marking = False
        self._marks: list[Element] = []  # of this page
        self._pages: list[tuple[PDFObjectReference, list[Element]]] = []

    def enter(self, *elements: Element | None) -> None:
        """From outside in. An element takes its place in the tree when it is entered first."""
        for element in elements:
            around = self._entered[-1]
            if around is not None and element is not None and element.parent is None:
                element.parent = around
                around.kids.append(element)
            self._entered.append(element if around is not None else None)

    def leave(self, count: int = 1) -> None:
        for _number in range(count):
            self._entered.pop()

    def label(self) -> None:
        """The next text is the label of the element that was entered last: a list's dash."""
        self._label = Element("Lbl")
        self.enter(self._label)
        self.leave()

    @property
    def bears_words(self) -> bool:
        """Whether a paragraph needs no element of its own here."""
        element = self._entered[-1]
        return element is None or element.bears_words

    @contextmanager
    def marked(self) -> Iterator[None]:
        """What is drawn meanwhile is one piece of the element that was entered last."""
        if self._marking:  # by what stands around
            yield
            return
        element, begin = self._entered[-1], "/Artifact BMC"
        if element is not None:
            number = len(self._marks)
            begin = f"/{element.tag} <</MCID {number}>> BDC"
            self._marks.append(element)
            element.kids.append((self._pageNumber, number))
        self._code.append(begin)
        self._marking = True
        yield
        self._marking = False
        self._code.append("EMC")

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """What is drawn meanwhile is no part of the text."""
        self.enter(None)
        with self.marked():
            yield
        self.leave()

    def drawText(self, aTextObject: Any) -> None:  # noqa: N802, N803 - reportlab's names
        label, self._label = self._label, None
        self.enter(label or self._entered[-1])
        with self.marked():
            super().drawText(aTextObject)
        self.leave()

    def rect(self, *args: Any, **kwargs: Any) -> None:
        with self.artifact():
            super().rect(*args, **kwargs)

    def line(self, *args: Any, **kwargs: Any) -> None:
        with self.artifact():
            super().line(*args, **kwargs)

    def _startPage(self) -> None:  # noqa: N802
        super()._startPage()
        self._marks = []

    def _setAnnotations(self, page: Any) -> None:  # noqa: N802 - of each page that is ended
        super()._setAnnotations(page)
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
        page.StructParents, page.Tabs = len(self._pages), PDFName("S")
        self._pages.append((self._doc.thisPageRef(), self._marks))

    def save(self) -> None:
        """The tree stands before the end of the file."""
        self.setViewerPreference("DisplayDocTitle", "true")
        catalog, number = self._doc.Catalog, _Numbers(self._root)
        catalog.MarkInfo = PDFDictionary({"Marked": "true"})
        nums: list[Any] = []
        for page, (_reference, marks) in enumerate(self._pages):
            nums += [page, PDFArray([number.reference(element) for element in marks])]
        catalog.StructTreeRoot = PDFDictionary(
            {
                "Type": PDFName("StructTreeRoot"),
                "K": number.reference(self._root),
                "ParentTree": PDFDictionary({"Nums": PDFArray(nums)}),
                "ParentTreeNextKey": len(self._pages),
            }
        )
        top = self._doc.Reference(catalog.StructTreeRoot)
        for element, name in number.names.items():
            self._doc.Reference(self._written(element, top, number), name)
        super().save()

    def _written(self, element: Element, top: PDFObjectReference, number: _Numbers) -> Any:
        pages = [kid[0] for kid in element.kids if not isinstance(kid, Element)]
        kids: list[Any] = []
        for kid in element.kids:
            if isinstance(kid, Element):
                kids.append(number.reference(kid))
            elif kid[0] == pages[0]:
                kids.append(kid[1])
            else:
                on = {"Type": PDFName("MCR"), "Pg": self._pages[kid[0] - 1][0], "MCID": kid[1]}
                kids.append(PDFDictionary(on))
        parent = top if element.parent is None else number.reference(element.parent)
        written = {"S": PDFName(element.tag), "P": parent, **element.attributes}
        if kids:
            written["K"] = kids[0] if len(kids) == 1 else PDFArray(kids)
        if pages:
            written["Pg"] = self._pages[pages[0] - 1][0]
        return PDFDictionary(written)


class _Numbers:
    """A name for each element in the file, in reading order."""

    def __init__(self, root: Element) -> None:
        self.names: dict[Element, str] = {}
        waiting = [root]
        while waiting:
            element = waiting.pop()
            self.names[element] = f"tag{len(self.names)}"
            waiting += [kid for kid in reversed(element.kids) if isinstance(kid, Element)]

    def reference(self, element: Element) -> PDFObjectReference:
        return PDFObjectReference(self.names[element])
