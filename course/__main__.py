"""``python -m course``: list, release and grade the exercises."""

import sys

from course.cli import main

if __name__ == "__main__":
    sys.exit(main())
