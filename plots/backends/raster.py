"""PNG and PDF through matplotlib, which is imported only here and only when drawing."""

from __future__ import annotations

import functools
import io
import math
import re
import unicodedata
import warnings
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from ..metrics import Family, Measure, wider
from ..placed import Circle, Display, Hit, Line, Poly, Rect
from ..scene import Said
from ..theme import colours
from . import Backend, FontWarning

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SANS = ("Liberation Sans", "Arial", "Helvetica", "DejaVu Sans")
MONO = ("DejaVu Sans Mono",)  # comes with matplotlib
BLANK: dict[Family, float] = {"sans": 0.28, "mono": 0.6}  # em
HAN = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "WenQuanYi Micro Hei",
    "PingFang SC",
    "Microsoft YaHei",
    "SimHei",
    "Droid Sans Fallback",
)
NO_MATPLOTLIB = "PNG and PDF need matplotlib: pip install 'finrst[figures]'"
NO_HAN = "no font with Chinese characters: install fonts-noto-cjk or fonts-wqy-microhei"
POINT = 0.72  # points in a px of the layout: 100 px to the inch


class Raster(Backend):
    """A figure of the layout's size; `scale` is pixels per px (PNG)."""

    suffixes: ClassVar[tuple[str, ...]] = ("png", "pdf")
    takes: ClassVar[Literal["placed", "scene"]] = "placed"

    @classmethod
    def measure(cls) -> Measure:
        """The wider table: whichever font is found, nothing collides."""
        return wider

    @classmethod
    def lacks(cls, lang: str) -> str | None:
        """A font with Chinese characters, where there is none."""
        return None if lang != "zh" or has_han() else NO_HAN

    @classmethod
    def writable(cls, scene: Said) -> Said:
        """Without such a font: with the characters' numbers, and a warning."""
        if has_han():
            return scene
        changed: Said = _numbered(scene)
        if changed != scene:
            warnings.warn(NO_HAN, FontWarning, stacklevel=2)
        return changed

    @classmethod
    def placed(
        cls, display: Display, *, suffix: str = "png", theme: str = "light", scale: float = 2.0, **options: Any
    ) -> bytes:
        """The file's bytes."""
        figure = draw(display, "light" if theme == "auto" else theme)
        import matplotlib
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.backends.backend_pdf import FigureCanvasPdf

        out = io.BytesIO()
        # Hinting would move letters to whole pixels, and so change the widths that layout counted on.
        with matplotlib.rc_context({"text.hinting": "no_hinting", "pdf.fonttype": 42}):
            if suffix == "pdf":
                FigureCanvasPdf(figure).print_figure(out, format="pdf", metadata={"CreationDate": None})
            else:
                canvas = FigureCanvasAgg(figure)
                canvas.print_figure(out, format="png", dpi=100 * scale, metadata={"Software": None})
        return out.getvalue()


def _numbered(value: Any) -> Any:
    """Every text in it, for fonts without Chinese: full-width signs as the narrow ones, the rest as \\u6c49."""
    if isinstance(value, str):
        narrow = re.sub("[！-～]", lambda found: unicodedata.normalize("NFKC", found[0]), value)
        return re.sub("[　-〿぀-ヿ㐀-鿿가-힣]", lambda found: f"\\u{ord(found[0]):04x}", narrow)
    if isinstance(value, tuple):
        return tuple(map(_numbered, value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{field.name: _numbered(getattr(value, field.name)) for field in fields(value) if field.init}
        )
    return value


def has_han() -> bool:
    """Whether a font with Chinese characters is installed."""
    return bool(_installed(HAN))


@functools.lru_cache(maxsize=8)
def _installed(names: tuple[str, ...]) -> tuple[str, ...]:
    try:
        from matplotlib.font_manager import fontManager
    except ImportError:
        raise ValueError(NO_MATPLOTLIB) from None

    known = set(fontManager.get_font_names())
    return tuple(name for name in names if name in known)


def draw(display: Display, theme: str) -> Figure:
    """The placed figure as a matplotlib Figure; needs no pyplot."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise ValueError(NO_MATPLOTLIB) from None
    from matplotlib.collections import LineCollection
    from matplotlib.font_manager import FontProperties
    from matplotlib.patches import Circle as Disc
    from matplotlib.patches import FancyBboxPatch, Polygon, Rectangle
    from matplotlib.patheffects import Normal, Stroke

    palette = colours(theme)
    han = _installed(HAN)[:1]
    families = {"sans": [*_installed(SANS), *han], "mono": [*MONO, *han]}
    figure = Figure(figsize=(display.width / 100, display.height / 100), dpi=100)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, display.width)
    axes.set_ylim(display.height, 0)
    axes.axis("off")
    figure.patch.set_facecolor(palette["bg"])

    def colour(token: str) -> str:
        return "none" if token == "none" else palette[token]

    @functools.lru_cache(maxsize=64)
    def font(family: Family, size: float, bold: bool, italic: bool) -> FontProperties:
        return FontProperties(
            family=families[family],
            size=size * POINT,
            weight="bold" if bold else "normal",
            style="italic" if italic else "normal",
        )

    for order, shape in enumerate(display.shapes):
        if isinstance(shape, Rect):
            edge, face, wide = colour(shape.stroke), colour(shape.fill), shape.width * POINT
            if shape.stroke == "none":
                wide = 0
            if shape.radius:
                r = min(shape.radius, shape.w / 2, shape.h / 2)
                axes.add_patch(
                    FancyBboxPatch(
                        (shape.x + r, shape.y + r), shape.w - 2 * r, shape.h - 2 * r,
                        boxstyle=f"round,pad={r},rounding_size={r}", fc=face, ec=edge, lw=wide, zorder=order,
                    )
                )  # fmt: skip
            else:
                axes.add_patch(Rectangle((shape.x, shape.y), shape.w, shape.h, fc=face, ec=edge, lw=wide, zorder=order))
        elif isinstance(shape, Line):
            lines = LineCollection(
                [[(shape.x1, shape.y1), (shape.x2, shape.y2)]], colors=[colour(shape.stroke)],
                linewidths=[shape.width * POINT], zorder=order, capstyle="butt",
                linestyles=[_dashes(shape.dash, shape.width)],
            )  # fmt: skip
            axes.add_collection(lines, autolim=False)
        elif isinstance(shape, Poly):
            if shape.closed:
                axes.add_patch(
                    Polygon(
                        shape.points, closed=True, fc=colour(shape.fill), ec=colour(shape.stroke),
                        lw=0 if shape.stroke == "none" else shape.width * POINT, zorder=order,
                    )
                )  # fmt: skip
            else:
                axes.add_collection(
                    LineCollection(
                        [list(shape.points)], colors=[colour(shape.stroke)], linewidths=[shape.width * POINT],
                        zorder=order, linestyles=[_dashes(shape.dash, shape.width)],
                    ),
                    autolim=False,
                )  # fmt: skip
        elif isinstance(shape, Circle):
            axes.add_patch(
                Disc(
                    (shape.x, shape.y), shape.r, fc=colour(shape.fill), ec=colour(shape.stroke),
                    lw=shape.width * POINT, zorder=order,
                )
            )  # fmt: skip
        elif not isinstance(shape, Hit):
            widths = [0.0]
            if len(shape.runs) > 1:
                widths = [
                    _width(run.text, font(shape.family, shape.size, run.bold, shape.italic), BLANK[shape.family])
                    for run in shape.runs
                ]
            along = -sum(widths) * {"start": 0.0, "middle": 0.5, "end": 1.0}[shape.anchor]  # from (x, y), as turned
            turned = math.radians(shape.angle)
            for run, wide in zip(shape.runs, widths, strict=True):
                alone = len(shape.runs) == 1
                text = axes.text(
                    shape.x + along * math.cos(turned), shape.y + along * math.sin(turned), run.text,
                    color=colour(run.fill),
                    fontproperties=font(shape.family, shape.size, run.bold, shape.italic),
                    ha={"start": "left", "middle": "center", "end": "right"}[shape.anchor] if alone else "left",
                    va="baseline", rotation=-shape.angle, rotation_mode="anchor", zorder=order, parse_math=False,
                )  # fmt: skip
                if shape.halo:
                    text.set_path_effects([Stroke(linewidth=3 * POINT, foreground=palette["bg"]), Normal()])
                along += wide
    return figure


def _dashes(dash: tuple[float, ...], width: float) -> Any:
    """matplotlib counts dashes in line widths."""
    return (0, tuple(part / max(width, 1e-9) for part in dash)) if dash else "solid"


def _width(text: str, font: Any, blank: float) -> float:
    """Width in px as matplotlib will draw it, with the blanks at its ends, which are no ink: em each."""
    from matplotlib.textpath import text_to_path

    stripped = text.strip(" ")
    blanks = (len(text) - len(stripped)) * blank
    width, _, _ = text_to_path.get_text_width_height_descent(stripped, font, ismath=False)
    return float(width) / POINT + blanks * float(font.get_size_in_points()) / POINT
