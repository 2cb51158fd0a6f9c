"""SVG, the default output: light and dark in one file, readable aloud, no font and no script needed."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from typing import Any, ClassVar, Literal

from ..placed import Circle, Display, Hit, Line, Poly, Rect, Shape, Text
from ..theme import DARK, LIGHT, colours
from . import Backend

SANS = "Helvetica, Arial, 'Liberation Sans', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
MONO = "'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', 'Noto Sans Mono CJK SC', monospace"

_CLASSES = re.compile(r'class="([^"]+)"')
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")


class Svg(Backend):
    """Text of the SVG; theme "auto" follows the reader's colour scheme."""

    suffixes: ClassVar[tuple[str, ...]] = ("svg",)
    takes: ClassVar[Literal["placed", "scene"]] = "placed"

    @classmethod
    def placed(cls, display: Display, *, theme: str = "auto", **options: Any) -> bytes:
        """The file's bytes, UTF-8."""
        return svg(display, theme).encode()


def svg(display: Display, theme: str = "auto") -> str:
    """The placed figure as SVG text."""
    fixed = LIGHT if theme == "auto" else colours(theme)
    body = "".join(map(_shape, display.shapes))
    width, height = _n(display.width), _n(display.height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="finrst" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" aria-labelledby="finrst-title finrst-desc" '
        f'lang="{escape(display.lang)}">\n'
        f'<title id="finrst-title">{_text(display.title)}</title>\n'
        f'<desc id="finrst-desc">{_text(display.description)}</desc>\n'
        f"<style>{_style(fixed, DARK if theme == 'auto' else None, body)}</style>\n"
        f"{body}</svg>\n"
    )


def _style(fixed: dict[str, str], dark: dict[str, str] | None, body: str) -> str:
    rules = [
        f".finrst text{{font-family:{SANS}}}",
        f".finrst .m{{font-family:{MONO}}}",
        ".finrst .b{font-weight:bold}.finrst .i{font-style:italic}",
        ".finrst .h{paint-order:stroke;stroke-width:3px;stroke-linejoin:round}",
        ".finrst text{white-space:pre}",
    ]
    used = {name[2:] for classes in set(_CLASSES.findall(body)) for name in classes.split()}
    names = [name for name in fixed if name in used]
    rules.append(".finrst{" + "".join(f"--{name}:{fixed[name]};" for name in names) + "}")
    if dark is not None:
        inside = "".join(f"--{name}:{dark[name]};" for name in names)
        rules.append(f"@media (prefers-color-scheme:dark){{.finrst{{{inside}}}}}")
    for name in names:  # the plain colour first: for programs that know no variables
        rules.append(f".f-{name}{{fill:{fixed[name]};fill:var(--{name})}}")
        rules.append(f".s-{name}{{stroke:{fixed[name]};stroke:var(--{name})}}")
    return "".join(rules)


@lru_cache(maxsize=1 << 14)
def _n(value: float) -> str:
    """To two decimals; kept, because lanes, sizes and the teeth of breaks come again and again."""
    return f"{value + 0.0:.2f}".rstrip("0").rstrip(".")  # + 0.0: -0.0 is the same key as 0.0, and must read the same


def _text(text: str) -> str:
    return escape(_NOT_XML.sub("�", text), quote=False)


def _paint(fill: str, stroke: str, width: float, dash: tuple[float, ...] = ()) -> str:
    classes = [f"f-{fill}"] if fill != "none" else []
    out = "" if classes else ' fill="none"'
    if stroke != "none":
        classes.append(f"s-{stroke}")
        out += f' stroke-width="{_n(width)}"'
        if dash:
            out += f' stroke-dasharray="{" ".join(_n(part) for part in dash)}"'
    return f' class="{" ".join(classes)}"{out}' if classes else out


def _shape(shape: Shape) -> str:
    if isinstance(shape, Rect):
        radius = f' rx="{_n(shape.radius)}"' if shape.radius else ""
        return (
            f'<rect x="{_n(shape.x)}" y="{_n(shape.y)}" width="{_n(shape.w)}" height="{_n(shape.h)}"{radius}'
            f"{_paint(shape.fill, shape.stroke, shape.width)}/>\n"
        )
    if isinstance(shape, Line):
        return (
            f'<line x1="{_n(shape.x1)}" y1="{_n(shape.y1)}" x2="{_n(shape.x2)}" y2="{_n(shape.y2)}"'
            f"{_paint('none', shape.stroke, shape.width, shape.dash)}/>\n"
        )
    if isinstance(shape, Poly):
        points = " ".join([f"{_n(x)},{_n(y)}" for x, y in shape.points])
        name = "polygon" if shape.closed else "polyline"
        return f'<{name} points="{points}"{_paint(shape.fill, shape.stroke, shape.width, shape.dash)}/>\n'
    if isinstance(shape, Circle):
        return (
            f'<circle cx="{_n(shape.x)}" cy="{_n(shape.y)}" r="{_n(shape.r)}"'
            f"{_paint(shape.fill, shape.stroke, shape.width)}/>\n"
        )
    if isinstance(shape, Hit):
        return ""
    return _words(shape)


def _words(text: Text) -> str:
    first = text.runs[0]
    classes = [f"f-{first.fill}"]
    classes += ["m"] if text.family == "mono" else []
    classes += ["b"] if first.bold else []
    classes += ["i"] if text.italic else []
    classes += ["h", "s-bg"] if text.halo else []
    anchor = "" if text.anchor == "start" else f' text-anchor="{text.anchor}"'
    turn = f' transform="rotate({_n(text.angle)} {_n(text.x)} {_n(text.y)})"' if text.angle else ""
    body = _text(first.text)
    for run in text.runs[1:]:
        weight = "bold" if run.bold else "normal"
        body += f'<tspan class="f-{run.fill}" style="font-weight:{weight}">{_text(run.text)}</tspan>'
    return (
        f'<text x="{_n(text.x)}" y="{_n(text.y)}" font-size="{_n(text.size)}" class="{" ".join(classes)}"'
        f"{anchor}{turn}>{body}</text>\n"
    )
