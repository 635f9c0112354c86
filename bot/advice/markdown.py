"""Writes the explanation of the tables as Markdown, for a file that can be read, compared and signed."""

from __future__ import annotations

from collections.abc import Iterator

from bot.advice.explanation import Cited, Explanation, Rule, Said, Section


def as_markdown(explanation: Explanation) -> str:
    """Return the whole explanation as Markdown."""
    return "\n".join(_page(explanation)) + "\n"


def _page(page: Explanation) -> Iterator[str]:
    labels = page.labels
    yield from (f"# {page.title}", "")
    yield from (f"> **{page.notice}**", ">")
    if page.must_sign:
        yield from (f"> {page.must_sign}", ">")
    yield from (f"> - {signature.role}: {signature.text}" for signature in page.signatures)
    yield from ("", f"{labels['version']}: `{page.version}`", "")
    for text in (*page.intro, *page.reading):
        yield from (text, "")
    yield from (f"**{labels['contents']}**", "")
    yield from (f"- [{section.title}](#{section.anchor})" for section in page.sections)
    for section in page.sections:
        yield from _section(section, page)


def _section(section: Section, page: Explanation) -> Iterator[str]:
    yield from ("", f'<a id="{section.anchor}"></a>', "", f"## {section.title}", "", section.text)
    for rule in section.rules:
        yield from _rule(rule, page)


def _rule(rule: Rule, page: Explanation) -> Iterator[str]:
    labels = page.labels
    yield from ("", f'<a id="{rule.anchor}"></a>', "", f"### {rule.title}", "")
    for detail in rule.details:
        if len(detail.lines) == 1 and "\n" not in detail.lines[0].text:
            yield f"- **{detail.label}:** {_said(detail.lines[0], labels['only_if'])}"
            continue
        yield f"- **{detail.label}:**"
        for line in detail.lines:
            yield "  - " + _said(line, labels["only_if"]).replace("\n", "\n    ")
    if rule.sources:
        yield f"- **{labels['sources']}:**"
        yield from (f"  - {_cited(source)}" for source in rule.sources)
    if rule.review:
        yield f"- **{labels['role']}:** {rule.review.role}; {rule.review.text}"
        yield f"- **{labels['review']}:** {rule.review.due}"
    yield f"- **{labels['rule']}:** `{rule.id}`"


def _said(line: Said, only_if: str) -> str:
    return f"{only_if} {line.only_if}: {line.text}" if line.only_if else line.text


def _cited(source: Cited) -> str:
    title = f"[{source.title}]({source.url})" if source.url else source.title
    year = f" ({source.year})" if source.year else ""
    return f"{title}{year}, {source.section}"
