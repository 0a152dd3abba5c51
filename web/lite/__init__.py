"""Notebooks that run in the browser: JupyterLite beside the book's pages.

`pyodide` finds the Python for it and verifies each file, `wheels` adds this book's
own packages, `build` puts both and the students' notebooks into the site.
"""
