"""Read by Python when it starts the emulator (see `EmulatorSettings`).

MiniStack answers a function's poll for work in two small writes. With Nagle's algorithm the second one waits until the
kernel acknowledges the first, 40 ms later: every call of a function took 55 ms, and takes 15 ms without.
"""

import socketserver

socketserver.StreamRequestHandler.disable_nagle_algorithm = True
