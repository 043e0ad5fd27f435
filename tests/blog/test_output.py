import io

from blog.management.output import Progress, counted


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_bar_moves_on_a_terminal_and_is_gone_at_the_end(monkeypatch):
    monkeypatch.setattr("blog.management.output.REDRAW_AFTER", 0)
    stream = Terminal()
    with Progress(stream, "Importing", total=4) as bar:
        bar.advance(2)
    drawn, cleared = stream.getvalue().split("\r")[1:3]
    assert drawn.startswith(f"Importing [{'=' * 12}{' ' * 12}] 2 of 4, ")
    assert cleared.strip() == "" and len(cleared) == len(drawn)


def test_elsewhere_a_line_comes_now_and_then(monkeypatch):
    monkeypatch.setattr("blog.management.output.A_LINE_EVERY", 2)
    stream = io.StringIO()
    with Progress(stream, "Importing") as bar:
        for _each in range(5):
            bar.advance()
    lines = stream.getvalue().splitlines()
    assert [line.partition(",")[0] for line in lines] == ["Importing 2", "Importing 4"]


def test_quiet_is_quiet():
    stream = Terminal()
    with Progress(stream, "Importing", quiet=True) as bar:
        bar.advance()
    assert stream.getvalue() == ""


def test_one_is_singular():
    assert [counted(n, "entry", "entries") for n in (1, 2, 1000)] == ["1 entry", "2 entries", "1,000 entries"]
