"""A reader that nobody here wrote scans the QR code: from the file, and from the terminal in every style."""

import stat

import pytest
from enrolling import ALIAS, FIRST, give, pair, scanned, serial
from PIL import Image
from terminal import DARK, LIGHT, Screen, scan

THEMES = {"dark": DARK, "light": LIGHT}

# The longest name that IAM allows for a user makes the widest QR code of those that get the user's name.
LONGEST = "n" * 64


def secret_in(text):
    """Returns the secret that was printed, which there must be one of."""
    [line] = [it for it in text.splitlines() if it.startswith("secret: ")]
    return line.removeprefix("secret: ")


def test_the_file_the_screen_and_the_text_hold_the_same_seed(shop):
    file = shop.folder / "work" / "qr.png"
    with shop.enrolling("alice", "--qr-png", "qr.png", "--show-secret") as terminal:
        terminal.expect(FIRST)
        with Image.open(file) as image:
            [uri] = scan(image)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        for theme in THEMES.values():
            assert scan(terminal.screen.photograph(theme)) == [uri]
        terminal.interrupt()
        assert terminal.end() == 1
    app = scanned([uri])
    assert app.secret == secret_in(terminal.written)
    assert app.issuer == "Amazon Web Services"
    assert app.name == f"alice@{ALIAS}"
    # What the standard has by default is what AWS's own codes are made by.
    assert (app.digits, app.interval, app.digest().name) == (6, 30, "sha1")
    assert not file.exists(), "the code of a device that was deleted is still there"


# In the text's own colour, a code is dark on light in one theme only.
@pytest.mark.parametrize(
    ("style", "readable"),
    [
        ("auto", {"dark", "light"}),
        ("colour", {"dark", "light"}),
        ("plain", {"dark"}),
        ("inverted", {"light"}),
        ("none", set()),
    ],
)
def test_a_style_is_readable_on_the_background_it_is_for(shop, style, readable):
    with shop.enrolling("alice", "--qr", style, "--show-secret") as terminal:
        terminal.expect(FIRST)
        screen = terminal.screen
        terminal.interrupt()
        assert terminal.end() == 1
    read = {name: scan(screen.photograph(theme)) for name, theme in THEMES.items()}
    assert {name for name, codes in read.items() if codes} == readable
    for codes in filter(None, read.values()):
        assert scanned(codes).secret == secret_in(terminal.written)


@pytest.mark.parametrize(("style", "theme"), [("auto", DARK), ("plain", DARK), ("inverted", LIGHT)])
def test_what_went_through_a_pipe_is_readable_where_it_is_shown_later(shop, style, theme):
    # Nobody gives codes, so that the device is deleted again.
    finished = shop.run("alice", "--qr", style, "--show-secret")
    assert finished.exit == 1 and "standard input ended" in finished.err, str(finished)
    assert "\x1b" not in finished.out + finished.err
    screen = Screen(finished.out.replace("\n", "\r\n"))
    assert scanned(scan(screen.photograph(theme))).secret == secret_in(finished.out)
    assert not shop.orphans()


def test_no_colour_asked_for_leaves_the_code_black_on_white(shop):
    with shop.enrolling("alice", env={"NO_COLOR": "1"}) as terminal:
        terminal.expect(FIRST)
        for theme in THEMES.values():
            assert len(scan(terminal.screen.photograph(theme))) == 1
        terminal.interrupt()
        terminal.end()


def test_the_code_of_the_longest_name_fits_into_eighty_columns(shop):
    with shop.enrolling("alice", "--name", LONGEST) as terminal:
        terminal.expect(FIRST)
        assert "columns" not in terminal.written
        assert scanned(scan(terminal.screen.photograph(LIGHT))).name == f"{LONGEST}@{ALIAS}"
        terminal.interrupt()
        assert terminal.end() == 1


def test_a_terminal_that_is_too_narrow_is_told_and_the_file_is_whole(shop):
    with shop.enrolling("alice", "--qr-png", "qr.png", columns=50) as terminal:
        terminal.expect("The terminal has 50 columns, and the QR code needs ")
        terminal.expect(FIRST)
        assert not scan(terminal.screen.photograph(DARK))
        with Image.open(shop.folder / "work" / "qr.png") as image:
            assert scanned(scan(image)).name == f"alice@{ALIAS}"
        terminal.interrupt()
        assert terminal.end() == 1


def test_a_file_that_exists_is_not_overwritten_and_nothing_is_made(shop):
    file = shop.folder / "work" / "qr.png"
    file.write_text("mine", encoding="utf-8")
    finished = shop.run("alice", "--qr-png", file)
    assert finished.exit == 1, str(finished)
    assert "overwrites none" in finished.err
    assert file.read_text(encoding="utf-8") == "mine"
    assert "CreateVirtualMFADevice" not in dict(shop.asked())


def test_after_success_the_file_stays_and_its_deletion_is_the_next_step(shop):
    file = shop.folder / "work" / "qr.png"
    with shop.enrolling("alice", "--qr", "none", "--qr-png", file) as terminal:
        terminal.expect(FIRST)
        with Image.open(file) as image:
            app = scanned(scan(image))
        give(terminal, *pair(app))
        terminal.expect(f"Delete {file}")
        assert terminal.end() == 0, terminal.written
    assert shop.devices("alice") == [serial("alice")]
    assert file.exists() and stat.S_IMODE(file.stat().st_mode) == 0o600
