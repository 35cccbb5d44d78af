"""A person at a terminal who enrols a device: the terminal, the authenticator app and its camera."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pexpect
import pyotp
import pyte
import zxingcpp
from harness import BINARY, ENROLL_BINARY, PATIENCE, WORLDS, environment, run
from PIL import Image
from simulated import Simulation, simulation

ACCOUNT = "222222222222"
KEYS = {"alice": "AKIAALICEEXAMPLE0001", "bob": "AKIABOBEXAMPLE000001"}
BOBS_SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

FIRST = "First code: "
SECOND = "Second code, as soon as another is shown: "

# What a terminal shows text in where nothing is said of colours: text and background.
DARK_TERMINAL = ((204, 204, 204), (0, 0, 0))
LIGHT_TERMINAL = ((51, 51, 51), (255, 255, 255))


def serial(name: str) -> str:
    """Returns the serial number of a virtual device of the account."""
    return f"arn:aws:iam::{ACCOUNT}:mfa/{name}"


class Desk:
    """The account, and a folder that is a user's home, working directory and place for temporary files."""

    def __init__(self, simulated: Simulation, home: Path):
        self.simulated = simulated
        self.home = home

    def env(self, user: str, **more: str) -> dict[str, str]:
        """Returns the environment of a user's programs."""
        own = {"AWS_ACCESS_KEY_ID": KEYS[user], "TMPDIR": str(self.home), "TERM": "xterm-256color"}
        return environment(self.home, self.simulated.env | own | more)

    def terminal(self, user: str, *arguments: object, columns: int = 80, **more: str) -> Terminal:
        """Starts `mfaudit enroll` in a terminal."""
        return Terminal(["enroll", *arguments], self.env(user, **more), self.home, columns)

    def enroll(self, user: str, *arguments: object, **more: str):
        """Runs `mfaudit-enroll` to its end, with nobody to ask."""
        return run([ENROLL_BINARY, *arguments], self.env(user, **more), self.home)

    def iam(self):
        """Returns an IAM client of the people's account, which sees everything there."""
        return self.simulated.client("iam", self.simulated.enter(ACCOUNT))

    def devices(self, user: str) -> list[str]:
        """Returns the serial numbers of a user's devices."""
        devices = self.iam().list_mfa_devices(UserName=user)["MFADevices"]
        return [it["SerialNumber"] for it in devices]

    def orphans(self) -> list[str]:
        """Returns the serial numbers of the virtual devices that nobody has."""
        devices = self.iam().list_virtual_mfa_devices(AssignmentStatus="Unassigned")["VirtualMFADevices"]
        return [it["SerialNumber"] for it in devices]


@contextmanager
def desk(home: Path) -> Iterator[Desk]:
    """Serves the account, in which users may do what the printed policy says."""
    policy = run([ENROLL_BINARY, "policy"], environment(home))
    assert policy.exit == 0, str(policy)
    served = home.with_name(home.name + "-world.toml")
    text = (WORLDS / "enrolment.toml").read_text(encoding="utf-8")
    served.write_text(text.replace("'''POLICY'''", f"'''{policy.out}'''"), encoding="utf-8")
    # Codes are of the real time, and so is the account.
    with simulation(home, "--world", served, now=None) as simulated:
        yield Desk(simulated, home)


class Terminal:
    """A terminal in which a program runs."""

    def __init__(self, arguments: list[object], env: dict[str, str], folder: Path, columns: int):
        self._read = io.StringIO()
        self._columns = columns
        self.child = pexpect.spawn(
            str(BINARY),
            [str(it) for it in arguments],
            env=env,
            cwd=str(folder),
            dimensions=(24, columns),
            timeout=PATIENCE,
            encoding="utf-8",
        )
        self.child.logfile_read = self._read

    def until(self, text: str) -> None:
        """Waits until something is shown."""
        self.child.expect_exact(text)

    def answer(self, question: str, line: str) -> None:
        """Waits for a question, and types the answer."""
        self.until(question)
        self.child.sendline(line)

    def give(self, codes: list[str]) -> None:
        """Types both codes."""
        self.answer(FIRST, codes[0])
        self.answer(SECOND, codes[1])

    def end(self) -> int | None:
        """Waits for the end, and returns the exit code; nothing if a signal ended it."""
        self.child.expect(pexpect.EOF)
        self.child.close()
        return self.child.exitstatus

    @property
    def text(self) -> str:
        """What was written so far, with its control sequences."""
        return self._read.getvalue()

    def photograph(self, colours=DARK_TERMINAL) -> Image.Image:
        """Returns what the terminal shows, as a camera sees it; letters are left out."""
        return photograph(self.text, self._columns, colours)


def photograph(text: str, columns: int, colours) -> Image.Image:
    """Draws what a terminal that wide makes of a text."""
    screen = pyte.Screen(columns, 200)
    # A pipe has no carriage returns, and a terminal adds them.
    pyte.Stream(screen).feed(text.replace("\r\n", "\n").replace("\n", "\r\n"))
    pixel, size = 4, (columns * 4, 200 * 8)
    image = Image.new("RGB", size, colours[1])
    for row, cells in screen.buffer.items():
        for column in range(columns):
            cell = cells[column]
            ink = rgb(cell.fg, colours[0])
            paper = rgb(cell.bg, colours[1])
            halves = {"█": (ink, ink), "▀": (ink, paper), "▄": (paper, ink)}.get(cell.data, (paper, paper))
            for half, colour in enumerate(halves):
                left, top = column * pixel, row * 2 * pixel + half * pixel
                image.paste(colour, (left, top, left + pixel, top + pixel))
    return image


def rgb(colour: str, default: tuple[int, int, int]) -> tuple[int, int, int]:
    """Returns the colour that a terminal shows. The QR code has none of those that have names, which look different everywhere."""
    try:
        return tuple(bytes.fromhex(colour))
    except ValueError:
        return default


def scan(image: Image.Image) -> str:
    """Returns what the only QR code of an image says, dark on light as the standard has it."""
    found = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode, try_invert=False)
    assert len(found) == 1, f"{len(found)} QR codes"
    return found[0].text


def seed_of(uri: str) -> str:
    """Returns the seed that an authenticator app takes from a URI."""
    split = urlsplit(uri)
    assert (split.scheme, split.netloc) == ("otpauth", "totp"), uri
    [seed] = parse_qs(split.query)["secret"]
    return seed


def codes(seed: str) -> list[str]:
    """Returns the code that an app showed before, and the one that it shows now."""
    app, now = pyotp.TOTP(seed), int(time.time())
    return [app.at(now - app.interval), app.at(now)]


def files(folder: Path) -> list[Path]:
    """Returns every file in a folder."""
    return sorted(Path(at) / name for at, _, names in os.walk(folder) for name in names)
