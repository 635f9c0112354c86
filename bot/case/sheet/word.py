"""Writes a case sheet as a Word document: real headings, lists and table headers, in Dutch,
with the first line on every page."""

from __future__ import annotations

import io
import re
from typing import Any

from bot.case.sheet.records import Section, Sheet, Table

FONT = "Calibri"
INK, QUIET, SHADE = "1F3A4D", "595959", "E8EEF2"  # all readable on white and on print
WIDTHS_CM = (8.6, 3.9, 3.9)
MARGIN_CM = 2.3
SHORT = 8  # a table of so few rows stays on one page


def docx(sheet: Sheet) -> bytes:
    """Write the sheet as the bytes of a .docx file."""
    from docx import Document  # slow to import, and only needed for a download

    document = Document()
    _set_up(document, sheet)
    still_open = re.compile(f"({'|'.join(map(re.escape, sheet.open_words))})")
    document.add_paragraph(sheet.first_line, style="Warning")
    document.add_heading(sheet.title, level=1)
    for row in sheet.intro[:-1]:
        _runs(document.add_paragraph(style="Compact"), row, still_open)
    _runs(document.add_paragraph(style="Intro"), sheet.intro[-1], still_open)
    for section in sheet.sections:
        document.add_heading(section.title, level=2)
        _write(document, section, still_open)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _write(document: Any, section: Section, still_open: re.Pattern[str]) -> None:
    """Write what stands under a heading; a sentence before a list stays on the page where the list begins."""
    for row in section.paragraphs:
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = bool(section.table or section.bullets or section.groups)
        _runs(paragraph, row, still_open)
    if section.table:
        _table(document, section.title, section.table, still_open)
    for at, row in enumerate(section.bullets):
        _bullet(document, row, still_open, after_table=bool(section.table) and at == 0)
    for title, rows in section.groups:
        document.add_heading(title, level=3)
        for row in rows:
            _bullet(document, row, still_open)


def _bullet(document: Any, text: str, still_open: re.Pattern[str], *, after_table: bool = False) -> None:
    from docx.shared import Pt

    paragraph = document.add_paragraph(style="List Bullet")
    if after_table:
        paragraph.paragraph_format.space_before = Pt(8)
    _runs(paragraph, text, still_open)


def _runs(paragraph: Any, text: str, still_open: re.Pattern[str]) -> None:
    """Write a text; what is still to fill in stands out in style too, and a second line is quiet."""
    for at, line in enumerate(text.split("\n")):
        if at:
            paragraph.add_run().add_break()
        for piece in filter(None, still_open.split(line)):
            plain = "Source" if at else None
            paragraph.add_run(piece, style="To fill" if still_open.fullmatch(piece) else plain)


def _table(document: Any, title: str, table: Table, still_open: re.Pattern[str]) -> None:
    """Write a table: its header row comes back on each page, no row is cut in two, a short table stays whole."""
    from docx.shared import Cm

    grid = document.add_table(rows=1, cols=len(table.columns), style="Table Grid")
    grid.autofit = False
    _mark(grid._tbl.tblPr, "tblCaption", val=title)
    for cell, name in zip(grid.rows[0].cells, table.columns, strict=True):
        cell.paragraphs[0].style = "Cell"
        cell.paragraphs[0].add_run(name).bold = True
        _mark(cell._tc.get_or_add_tcPr(), "shd", val="clear", color="auto", fill=SHADE)
    _mark(grid.rows[0]._tr.get_or_add_trPr(), "tblHeader")
    for row in table.rows:
        for cell, text in zip(grid.add_row().cells, row, strict=True):
            cell.paragraphs[0].style = "Cell"
            _runs(cell.paragraphs[0], text, still_open)
    together = list(grid.rows)[:-1] if len(table.rows) <= SHORT else [grid.rows[0]]
    for cell in (cell for row in together for cell in row.cells):
        cell.paragraphs[0].paragraph_format.keep_with_next = True
    for row in grid.rows:
        _mark(row._tr.get_or_add_trPr(), "cantSplit")
        for cell, width in zip(row.cells, WIDTHS_CM, strict=True):
            cell.width = Cm(width)
    for column, width in zip(grid.columns, WIDTHS_CM, strict=True):
        column.width = Cm(width)


def _set_up(document: Any, sheet: Sheet) -> None:
    """Set page, styles, language, properties, header and footer."""
    from docx.shared import Cm

    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(MARGIN_CM)
    page.top_margin = page.bottom_margin = Cm(2.2)
    _styles(document)
    about = document.core_properties
    about.title, about.author, about.language, about.comments = sheet.title, "Pluis", "nl-NL", ""
    page.different_first_page_header_footer = True  # there the line stands at the top of the text itself
    page.header.paragraphs[0].style = "Warning line"
    page.header.paragraphs[0].add_run(sheet.first_line)
    for footer in (page.footer, page.first_page_footer):
        _footer(footer.paragraphs[0], sheet.title)


def _styles(document: Any) -> None:
    from docx.enum.style import WD_STYLE_TYPE

    styles = document.styles
    for language in (*styles.element.xpath("//w:lang"), *document.settings.element.xpath("//w:themeFontLang")):
        language.attrib.update({_name(part): "nl-NL" for part in ("val", "eastAsia")})
    _look(styles["Normal"], 11, after=6)
    for level, size, before in ((1, 18, 6), (2, 14, 14), (3, 11.5, 8)):
        _look(styles[f"Heading {level}"], size, INK, before=before, after=4)
    _look(styles["List Bullet"], 11, after=3)
    made = {name: styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH) for name in ("Compact", "Intro", "Cell", "Warning")}
    for style in made.values():
        style.base_style = styles["Normal"]
    _look(made["Compact"], 11, after=0)
    _look(made["Intro"], 11, before=6, after=6)
    _look(made["Cell"], 10.5, before=2, after=2)
    _look(made["Warning"], 11, after=6)
    made["Warning"].font.bold = True
    _box(made["Warning"])
    line = styles.add_style("Warning line", WD_STYLE_TYPE.PARAGRAPH)
    line.base_style = styles["Header"]
    _look(line, 9.5, after=0)
    line.font.bold = True
    _look(styles["Footer"], 9, QUIET, after=0)
    fill, source = (styles.add_style(name, WD_STYLE_TYPE.CHARACTER) for name in ("To fill", "Source"))
    _colour(fill, QUIET)
    fill.font.italic = True
    _colour(source, QUIET)


def _look(style: Any, size: float, colour: str = "", *, before: float = 0, after: float = 0) -> None:
    """Give a style our font, size, colour and space."""
    from docx.shared import Pt

    style.font.name, style.font.size = FONT, Pt(size)
    fonts = style.element.rPr.rFonts
    for part in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):  # a font of the theme goes before a name
        fonts.attrib.pop(_name(part), None)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    if colour:
        _colour(style, colour)


def _colour(style: Any, colour: str) -> None:
    from docx.shared import RGBColor

    style.font.color.rgb = RGBColor.from_string(colour)


def _box(style: Any) -> None:
    """Put a box round a paragraph style."""
    from docx.oxml import OxmlElement

    borders = OxmlElement("w:pBdr")
    for side in ("top", "left", "bottom", "right"):
        _mark(borders, side, val="single", sz="8", space="4", color=INK)
    style.element.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:outlineLvl"
    )


def _footer(paragraph: Any, title: str) -> None:
    """Write the title and “pagina 1 van 2”, counted by the program that shows it."""
    paragraph.style = "Footer"
    paragraph.add_run(f"{title} · pagina ")
    _field(paragraph, "PAGE")
    paragraph.add_run(" van ")
    _field(paragraph, "NUMPAGES")


def _field(paragraph: Any, name: str) -> None:
    from docx.oxml import OxmlElement

    field = OxmlElement("w:fldSimple")
    field.set(_name("instr"), name)
    run = paragraph.add_run("1")
    field.append(run._r)
    paragraph._p.append(field)


def _mark(parent: Any, name: str, **values: str) -> None:
    from docx.oxml import OxmlElement

    element = OxmlElement(f"w:{name}")
    for key, value in values.items():
        element.set(_name(key), value)
    parent.append(element)


def _name(local: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(f"w:{local}"))
