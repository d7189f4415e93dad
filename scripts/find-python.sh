#!/bin/sh
# Prints a Python that is new enough; the project's own environment first, so that a second start asks nothing.
for candidate in .venv/bin/python python3.11 python3.12 python3.13 python3 python; do
  if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "$candidate"
    exit 0
  fi
done
echo "Switchboard needs Python 3.11 or newer and found none on PATH. Install one, or run: make PYTHON=/path/to/python3 …" >&2
echo "no-python-3.11-found"
