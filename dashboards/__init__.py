"""What is shown of each source. Adding one: a module here, and its name in DASHBOARDS; a source may have none."""

from __future__ import annotations

from dashboards.filled import filled
from dashboards.model import Chart, Dashboard, Field, Fold, Form, Kind
from dashboards.olympics import OLYMPICS
from dashboards.spotify import SPOTIFY

DASHBOARDS: dict[str, Dashboard] = {dashboard.source: dashboard for dashboard in (OLYMPICS, SPOTIFY)}

__all__ = ["DASHBOARDS", "Chart", "Dashboard", "Field", "Fold", "Form", "Kind", "filled"]
