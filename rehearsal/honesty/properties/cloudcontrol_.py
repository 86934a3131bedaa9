"""Cloud Control."""

from __future__ import annotations

from rehearsal.honesty.effect import Effects, recorded, shown_by

EFFECTS: dict[str, Effects] = {
    "aws:cloudcontrol/resource:Resource": {
        **shown_by("infra/test_quicksight.py::test_an_unknown_type_of_cloud_control_is_refused_by_name", "typeName"),
        **recorded("its form is checked, and nobody looks at it here", "desiredState"),
    },
}
