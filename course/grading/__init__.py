"""Grading: a student's code runs in a sandbox, and only plain data comes out.

The trusted side (`run`, `host`) holds checks, hidden inputs and scores. The other
side (`worker`, alone with NumPy in a sandbox) holds a student's source and the
arguments of one call at a time. Between them stands `protocol`. See README.md.
"""
