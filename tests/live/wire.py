"""A line between a client and `web` that can be cut, lose what comes back, be slow, or lead to another server."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

PIECE = 2048  # bytes


class Wire:
    """Every connection to `url` goes on to a port of this machine; what is changed holds from the next bytes on."""

    def __init__(self, port: int, loop: asyncio.AbstractEventLoop) -> None:
        self.leads_to = port
        self.loses_answers = False  # what the client sends arrives, and it never hears so
        self.pace: float | None = None  # bytes a second, towards the client
        self.url = ""
        self._loop = loop
        self._cut = False
        self._ends: set[asyncio.StreamWriter] = set()

    def cut(self) -> None:
        """Break every connection, and refuse new ones."""
        self._cut = True
        self._do(self._break)

    def mend(self) -> None:
        """Let all through again; a connection of which something was lost cannot go on."""
        self._do(self._break)
        self._cut = self.loses_answers = False

    def _do(self, act: Callable[[], Awaitable[None]]) -> None:
        async def done() -> None:
            await act()

        asyncio.run_coroutine_threadsafe(done(), self._loop).result(10)

    async def _break(self) -> None:
        for end in tuple(self._ends):
            end.transport.abort()

    async def listen(self) -> asyncio.Server:
        """Open a port for clients."""
        server = await asyncio.start_server(self._join, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        return server

    async def end(self, server: asyncio.Server) -> None:
        """Close the port and every connection."""
        server.close()
        await self._break()
        if tasks := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(tasks, timeout=5)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ends = {writer}
        try:
            if self._cut:
                return
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.leads_to)
            ends.add(far_writer)
            self._ends |= ends
            await asyncio.gather(self._pass(reader, far_writer), self._pass(far_reader, writer, back=True))
        except OSError:
            pass  # one of the ends is gone
        finally:
            self._ends -= ends
            for end in ends:
                end.transport.abort()

    async def _pass(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, back: bool = False) -> None:
        while data := await source.read(PIECE):
            if back and self.loses_answers:
                continue
            if back and self.pace:
                await asyncio.sleep(len(data) / self.pace)
            target.write(data)
            await target.drain()
        target.write_eof()


@contextmanager
def wired(port: int) -> Iterator[Wire]:
    """Lay a line to a port for as long as the block lasts."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    wire = Wire(port, loop)
    server = asyncio.run_coroutine_threadsafe(wire.listen(), loop).result(10)
    try:
        yield wire
    finally:
        asyncio.run_coroutine_threadsafe(wire.end(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
