"""Other programs, run quietly."""
import subprocess


class RenderError(Exception):
    """A tool failed, or what it made cannot be used; another draw may work."""


def run(command, folder):
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise RenderError(f"{command[0]}: {(done.stdout + done.stderr).strip()[-300:]}")
