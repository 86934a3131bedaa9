"""What a rehearsal of this lake does otherwise than the lake on AWS, beside what holds of every program."""

from __future__ import annotations

from rehearsal.honesty.limits import Limit, stood_in

LIMITS: tuple[Limit, ...] = (
    stood_in("real APIs", "the stand-ins follow the documents; `--live` reads the real ones, with no proxy of the "
             "shell's. It was tried on stand-ins with a key of their own, never on the real API"),
    stood_in("the clock with `--live`", "the lake's clock is real, but for what a queue makes a batch wait: it may be "
             "some minutes ahead. At home nothing goes on by itself: a run that waits is gone on with by the next "
             "command"),
)  # fmt: skip
