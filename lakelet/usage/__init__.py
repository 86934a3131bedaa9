"""What a run used of AWS, read from what really happened in the rehearsal.

>>> meter = Meter(rehearsal, outputs)
>>> mark = meter.mark()
>>> ...  # the run
>>> usage = meter.since(mark)  # a plain dictionary, for `kept.note("usage", run, usage)`
"""

from lakelet.usage.meter import Mark, Meter, Usage, added, quantities

__all__ = ["Mark", "Meter", "Usage", "added", "quantities"]
