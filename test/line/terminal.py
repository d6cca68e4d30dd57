# Runs a program on a terminal and types at its prompt:  terminal.py PROMPT KEYS PROGRAM ARGUMENT...
# Once the program has printed PROMPT, KEYS are typed ("^C" and "^D" as those keys). What it prints comes out here, and its exit code.
import os
import pty
import sys

prompt, keys = sys.argv[1].encode(), sys.argv[2].replace("^C", "\x03").replace("^D", "\x04").encode()
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[3], sys.argv[3:])
seen, typed = b"", False
while True:
    try:
        chunk = os.read(terminal, 4096)
    except OSError:
        break
    if not chunk:
        break
    sys.stdout.buffer.write(chunk)
    seen += chunk
    if not typed and prompt in seen:
        typed = True
        os.write(terminal, keys)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) % 256)
