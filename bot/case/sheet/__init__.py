"""The case sheet: what of a case can be downloaded, in two versions, as Markdown and as a Word document.
`contents` decides what it holds, `markdown` and `word` write it, the fixed sentences stand in `data/case/sheet.yml`."""
