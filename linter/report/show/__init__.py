"""What the nodes of a cluster's pools will see: the output of ``wplint show``.

:func:`view` models a cluster for every release that it may be for; :func:`lines` lays the views out
for people, :func:`text` writes them as JSON. :mod:`repository` is the table of many clusters. All
of them are pure.
"""

from linter.report.show import repository
from linter.report.show.document import text
from linter.report.show.page import lines
from linter.report.show.view import ClusterView, view

__all__ = ["ClusterView", "lines", "repository", "text", "view"]
