"""What is shown of each source. Adding one: a module here, with a constant of its name in capitals. A source may have
none."""

from __future__ import annotations

from pkgutil import extend_path

from dashboards.filled import filled
from dashboards.model import Chart, Dashboard, Field, Fold, Form, Kind
from sources.by_name import find_all

__path__ = extend_path(__path__, __name__)

DASHBOARDS: dict[str, Dashboard] = find_all(__name__, Dashboard)

__all__ = ["DASHBOARDS", "Chart", "Dashboard", "Field", "Fold", "Form", "Kind", "filled"]
