"""The render core: which manifests a PerformanceProfile implies, in one implementation.

``wplint render``, the fixes and the rule that finds stale manifests all use it. Input and output
are plain maps without positions; errors name the object and the field.
"""

from linter.render.error import RenderError
from linter.render.inputs import RenderInputs, RenderOptions
from linter.render.left_out import LEFT_TO_THE_OPERATOR
from linter.render.manifest import Manifest
from linter.render.owner import OwnerReference
from linter.render.plan import is_rendered, render

__all__ = [
    "LEFT_TO_THE_OPERATOR",
    "Manifest",
    "OwnerReference",
    "RenderError",
    "RenderInputs",
    "RenderOptions",
    "is_rendered",
    "render",
]
