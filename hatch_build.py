"""Puts ``data/`` and ``ontology.ttl`` into the wheel; an editable install goes on reading them where they lie."""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BundleHook(BuildHookInterface):  # type: ignore[type-arg]
    """The bundle of a wheel: what ``kg/resources.py`` looks for inside the package."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "standard" and self.target_name == "wheel":
            build_data["force_include"] |= {"data": "kg/_bundle/data", "ontology.ttl": "kg/_bundle/ontology.ttl"}
