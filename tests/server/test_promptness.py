"""What stands between an answer and its reader: nothing on the wire."""

from __future__ import annotations

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

from etappe.server import serve


def test_an_answer_does_not_wait_until_its_head_is_acknowledged() -> None:
    async def undelayed() -> int:
        told: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            told.set_result(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        taken = serve._bound("127.0.0.1", 0)
        async with await asyncio.start_server(answer, sock=taken):
            _, asking = await asyncio.open_connection(*taken.getsockname())
            found = await told
            asking.close()
        return found

    with ThreadPoolExecutor(1) as apart:  # a loop may run in this thread: the browser's tests leave one
        found = apart.submit(lambda: asyncio.run(undelayed())).result()
    assert found, "a head and its body are two writes: with Nagle's algorithm the second waits 40 ms"
