"""Become the command given, after asking the kernel to kill it when the parent dies.

Run as a script of its own: asking after a fork inside a process with threads is not safe.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Ask, check that the parent didn't die before we asked, and turn into the command."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != int(sys.argv[1]):
            sys.exit(1)
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606 -- no shell is wanted: the command replaces this process


if __name__ == "__main__":
    main()
