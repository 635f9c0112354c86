"""`make icons`: draws `deploy/teams/*.svg`, in a real browser, as the icons that Teams asks for.

The colour icon is 192 × 192 pixels without alpha; the outline icon 32 × 32 pixels of white, see-through elsewhere.
"""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

ICONS = Path(__file__).resolve().parent.parent / "deploy" / "teams"
SIZES = {"color": 192, "outline": 32}  # pixels
FINER = 8  # drawn this many times larger, then made small: edges stay even
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main() -> int:
    """Draw both icons; 1 when this machine has no browser."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        print("geen Chromium op deze machine", file=sys.stderr)
        return 1
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        color, outline = (_drawn(browser, name) for name in SIZES)
        browser.close()
    color.convert("RGB").save(ICONS / "color.png", optimize=True)
    white = Image.new("RGBA", outline.size, (255, 255, 255, 0))
    white.putalpha(outline.getchannel("A"))  # every pixel is white, however little of it is seen
    white.save(ICONS / "outline.png", optimize=True)
    return 0


def _drawn(browser: Browser, name: str) -> Image.Image:
    size = SIZES[name]
    page = browser.new_page(viewport={"width": size, "height": size}, device_scale_factor=FINER)
    page.set_content(
        f"<style>body {{ margin: 0 }} svg {{ display: block }}</style>{(ICONS / f'{name}.svg').read_text('utf-8')}"
    )
    taken = Image.open(io.BytesIO(page.screenshot(omit_background=True))).convert("RGBA")
    page.close()
    return taken.resize((size, size), Image.Resampling.BOX)


if __name__ == "__main__":
    sys.exit(main())
