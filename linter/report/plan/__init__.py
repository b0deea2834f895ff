"""What a change does to running clusters: the output of ``wplint plan``.

:func:`lines` lays a plan out for people, :func:`concise` gives a line for each pool, :func:`text`
writes JSON and :func:`markdown` a comment for a pull request. All of them are pure.
"""

from linter.report.plan.concise import concise
from linter.report.plan.document import text
from linter.report.plan.markdown import markdown
from linter.report.plan.page import lines, summary_lines

__all__ = ["concise", "lines", "markdown", "summary_lines", "text"]
