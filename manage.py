#!/usr/bin/env python
import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("DATABASE_POOL", "0")  # a command has one connection, and hears at once where there is none
    from config.command_line import run

    run(sys.argv)
