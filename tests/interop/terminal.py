"""A real terminal: a program runs in it, a person types, and what stands on the screen can be photographed."""

from __future__ import annotations

import io
import re
import signal
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pexpect
import pyte
import zxingcpp
from harness import PATIENCE
from PIL import Image, ImageDraw

# The pixels of a character; a half block is a square.
WIDTH, HEIGHT = 6, 12

# More lines than any program here writes, so that none is scrolled away.
LINES = 400


@dataclass(frozen=True)
class Theme:
    """The colours of a terminal where a program sets none."""

    background: str
    text: str


# A theme that many people use, and whose contrast is weak.
DARK = Theme(background="#002b36", text="#839496")
LIGHT = Theme(background="#fdf6e3", text="#657b83")

# The colours that have names on a terminal.
NAMED = {
    "black": "#000000",
    "red": "#cc0000",
    "green": "#4e9a06",
    "brown": "#c4a000",
    "blue": "#3465a4",
    "magenta": "#75507b",
    "cyan": "#06989a",
    "white": "#d3d7cf",
}


class Terminal:
    """A program in a terminal of its own."""

    def __init__(
        self,
        command: Iterable[object],
        env: Mapping[str, str],
        folder: Path,
        columns: int = 80,
    ):
        first, *rest = (str(it) for it in command)
        self._columns = columns
        self._seen = io.StringIO()
        self._child = pexpect.spawn(
            first,
            rest,
            env=dict(env) | {"TERM": "xterm-256color"},
            cwd=str(folder),
            dimensions=(50, columns),
            encoding="utf-8",
            codec_errors="strict",
            timeout=PATIENCE,
        )
        self._child.delaybeforesend = None
        self._child.logfile_read = self._seen

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def written(self) -> str:
        """Everything that came so far, and what was typed."""
        return self._seen.getvalue()

    @property
    def screen(self) -> Screen:
        return Screen(self.written, self._columns)

    def expect(self, text: str) -> None:
        """Waits for a text, wherever its lines break."""
        words = r"\s+".join(re.escape(it) for it in text.split())
        try:
            self._child.expect(words)
        except (pexpect.EOF, pexpect.TIMEOUT) as error:
            raise AssertionError(f"nothing says {text!r}:\n{self.written}") from error

    def answer(self, prompt: str, line: str) -> None:
        """Waits for a prompt, and types a line."""
        self.expect(prompt)
        self.type(line)

    def type(self, line: str) -> None:
        """Types a line."""
        self._child.sendline(line)

    def interrupt(self) -> None:
        """Types Ctrl-C."""
        self._child.sendintr()

    def end_input(self) -> None:
        """Types Ctrl-D."""
        self._child.sendeof()

    def kill(self) -> None:
        """Kills the program as the system does where memory is short: it hears nothing of it."""
        self._child.kill(signal.SIGKILL)
        self._child.wait()

    def vanish(self) -> int:
        """Takes the terminal away, as when its window is closed, and returns the program's exit code."""
        self._child.ptyproc.fileobj.close()
        return self._child.ptyproc.wait()

    def end(self) -> int:
        """Waits for the program's end, and returns its exit code."""
        try:
            self._child.expect_exact(pexpect.EOF)
        except pexpect.TIMEOUT as error:
            raise AssertionError(f"it does not end:\n{self.written}") from error
        return self._child.wait()

    def close(self) -> None:
        """Ends whatever still runs."""
        self._child.close(force=True)


class Screen:
    """What a terminal shows, after an emulator has interpreted it."""

    def __init__(self, written: str, columns: int = 80):
        self._screen = pyte.Screen(columns, LINES)
        pyte.Stream(self._screen).feed(written)
        self._used = self._screen.cursor.y + 1

    @property
    def lines(self) -> list[str]:
        """The lines as they are shown, each at most as long as the terminal is wide."""
        return [it.rstrip() for it in self._screen.display[: self._used]]

    def photograph(self, theme: Theme) -> Image.Image:
        """Returns a picture of the screen."""
        size = (self._screen.columns * WIDTH, self._used * HEIGHT)
        image = Image.new("RGB", size, theme.background)
        draw = ImageDraw.Draw(image)
        for row in range(self._used):
            for column in range(self._screen.columns):
                _draw(draw, column * WIDTH, row * HEIGHT, self._screen.buffer[row][column], theme)
        return image


def _draw(draw: ImageDraw.ImageDraw, x: int, y: int, cell, theme: Theme) -> None:
    text, background = _colour(cell.fg, theme.text), _colour(cell.bg, theme.background)
    if cell.reverse:
        text, background = background, text
    middle = y + HEIGHT // 2
    upper = text if cell.data in "█▀" else background
    lower = text if cell.data in "█▄" else background
    draw.rectangle((x, y, x + WIDTH - 1, middle - 1), fill=upper)
    draw.rectangle((x, middle, x + WIDTH - 1, y + HEIGHT - 1), fill=lower)
    if cell.data not in "█▀▄ ":
        draw.text((x, y), cell.data, fill=text)


def _colour(name: str, default: str) -> str:
    if name == "default":
        return default
    plain = name.removeprefix("bright")
    return NAMED[plain] if plain in NAMED else f"#{name}"


def scan(image: Image.Image) -> list[str]:
    """Returns what the QR codes in a picture say, for a reader that wants them dark on light, as phones may."""
    found = zxingcpp.read_barcodes(
        image, formats=zxingcpp.BarcodeFormat.QRCode, try_rotate=False, try_invert=False
    )
    return [it.text for it in found]
