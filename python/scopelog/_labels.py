"""Labels of pins, which the resolved plan of a run has, and its metadata have not."""

from __future__ import annotations

import json
import os
from typing import Any


def pin_labels(folder: str, device: str, port: str) -> dict[str, str]:
    """What the plan calls the pins of a port, by their names. Empty where there is no plan, or another program's."""
    try:
        with open(os.path.join(folder, "plan.resolved.json"), "rb") as f:
            plan: Any = json.load(f)
        ports = [p for d in plan["devices"] if d["name"] == device for p in d.get("digital") or () if p["name"] == port]
        labels = [p.get("labels") or {} for p in ports]
        return {pin: label for of in labels for pin, label in of.items() if isinstance(label, str)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
