"""The panel of an exercise: one widget, in three forms.

With a kernel it is a widget that asks Python for every check. Without one its
HTML form, stored in the notebook, reads as text, and the page's script checks
from the same data. `course/static` holds the front end of both.
"""

from course.panel.widget import Panel

__all__ = ["Panel"]
