"""The flow collector: sockets, a ring, columns, the store; a thread for each of the three ways between them."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from netloom.collectors.contract import Collector, Context
from netloom.collectors.flow import state
from netloom.collectors.flow.admission import Admission
from netloom.collectors.flow.batches import Batches
from netloom.collectors.flow.decode import Decoder
from netloom.collectors.flow.decoding import Decoding
from netloom.collectors.flow.enrich import Labels
from netloom.collectors.flow.held import Held
from netloom.collectors.flow.landing import Landing
from netloom.collectors.flow.receiving import Receiving
from netloom.collectors.flow.sampling import SamplingRates
from netloom.collectors.flow.settings import FlowSettings
from netloom.collectors.flow.templates import Templates
from netloom.collectors.listening import place
from netloom.collectors.senders import networks
from netloom.transports.udp_ring import Ring

SAVE_S = 10.0
SHARE = 8
"""Of what is bounded for all together, an exporter may have one part in so many."""
SAVE_SHARE = 20
"""Saving takes at most one part in so many of the time."""


class FlowCollector:
    """One process's part of it."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._settings: FlowSettings = context.settings
        settings = self._settings
        fields = settings.template_fields
        self._templates = Templates(
            fields=fields, per_exporter=max(1, fields // SHARE), age_ns=int(settings.template_age_s * 1e9)
        )
        self._sampling = SamplingRates(settings.sampling)
        each = max(1, settings.held_bytes // SHARE)
        held = Held(octets=settings.held_bytes, per_template=each, age_ns=int(settings.held_s * 1e9))
        self.decoder = Decoder(self._templates, self._sampling, held, announce=False, spare=settings.elements == "rest")
        self._admission = Admission(networks(settings.exporters, "exporters"), settings.max_exporters)
        self._stopped = threading.Event()
        self._receiving: Receiving | None = None
        self._landing: Landing | None = None
        self._labelling = threading.Lock()
        self._renewed: Context | None = None
        self._save_at = 0.0
        self._saved = -1

    async def run(self) -> None:
        """Collect until `stop`; raises NetloomError where a port cannot be had."""
        context, settings = self._context, self._settings
        health = context.health
        state.load(context.folder, self._templates, self._sampling, time.time_ns(), health.complain)
        landing = self._landing = Landing(context, max_waiting=settings.max_waiting_rows)
        self._label(context, landing)
        batches = Batches(
            self.decoder, landing, landing.table.schema, rows=settings.flush_rows, namespace=context.namespace
        )
        receiving = self._receiving = Receiving(
            Ring(settings.ring_bytes, settings.slot_bytes),
            [place(where, ("udp",)) for where in settings.listen],
            context.open_socket,
            buffer_bytes=settings.receive_buffer_bytes,
            workers=context.workers,
        )
        decoding = Decoding(receiving, batches, self._admission, settings)
        decoding.between = lambda: self._between(decoding, batches)
        for complaint in receiving.complaints:
            health.complain(complaint)

        def report() -> None:
            self._report(receiving, decoding, landing, batches)

        health.refresh.append(report)
        health.ready(*map(str, receiving.places))
        try:
            await self._threads(receiving, decoding, landing)
        finally:
            report()
            health.refresh.remove(report)
            self._save()

    async def _threads(self, receiving: Receiving, decoding: Decoding, landing: Landing) -> None:
        """All three, until they end; where one fails the others end too."""

        def decode() -> None:
            try:
                decoding.run()
            finally:
                landing.end()

        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(3, "flow") as pool:
            threads = [loop.run_in_executor(pool, way) for way in (receiving.run, decode, landing.run)]
            if self._stopped.is_set():
                receiving.stop()
            try:
                await asyncio.wait(threads, return_when=asyncio.FIRST_EXCEPTION)
            finally:
                receiving.stop(abandon=any(thread.done() and thread.exception() for thread in threads))
                await asyncio.gather(*threads)

    def reload(self, context: Context) -> None:
        """Take over new settings and labels; the ring's size and the ports stay until the next start."""
        self._renewed = context
        if self._landing is not None:  # tables of many prefixes take their time: nobody waits for them
            threading.Thread(target=self._label, args=(context, self._landing), daemon=True).start()

    def _label(self, context: Context, landing: Landing) -> None:
        with self._labelling:
            before = landing.labels if isinstance(landing.labels, Labels) else None
            community_id = context.settings.community_id
            landing.counted.site = context.site
            landing.labels = labels = Labels(context.site, context.namespace, community_id=community_id, before=before)
        for complaint in labels.complaints:
            context.health.complain(complaint)

    def stop(self) -> None:
        """Receive nothing more; `run` ends when everything is stored."""
        self._stopped.set()
        if self._receiving is not None:
            self._receiving.stop()

    def _between(self, decoding: Decoding, batches: Batches) -> None:
        """In the decoder's thread, between two batches."""
        context, self._renewed = self._renewed, None
        if context is not None:
            settings: FlowSettings = context.settings
            self._admission.change(networks(settings.exporters, "exporters"), settings.max_exporters)
            self._sampling.change(settings.sampling)
            decoding.settings, batches.rows = settings, settings.flush_rows
            self._context, self._settings = context, settings
        if time.monotonic() >= self._save_at and self._version() != self._saved:
            self._save()

    def _version(self) -> int:
        counts = self.decoder.counts
        return counts.templates + counts.withdrawn + counts.options

    def _save(self) -> None:
        began = time.monotonic()
        self._saved = self._version()
        try:
            state.write(self._context.folder, state.saved(self._templates, self._sampling))
        except OSError as exc:
            self._context.health.complain(f"{self._context.folder}: templates cannot be kept: {exc.strerror}")
        now = time.monotonic()
        self._save_at = now + max(SAVE_S, SAVE_SHARE * (now - began))

    def _report(self, receiving: Receiving, decoding: Decoding, landing: Landing, batches: Batches) -> None:
        """What the threads counted in plain numbers."""
        health, counts, ring = self._context.health, self.decoder.counts, receiving.ring
        health.total("received_datagrams_total", receiving.receiver.received)
        health.total("received_bytes_total", receiving.receiver.octets)
        sflow = batches.sflow
        health.total("malformed_total", counts.malformed + sflow.malformed)
        decoded = {"flow": counts.flows + sflow.flows, "options": counts.options, "template": counts.templates}
        for record, count in (decoded | {"counters": sflow.counters}).items():
            health.total("decoded_records_total", count, record=record)
        for stream, count in landing.stored.items():
            health.total("stored_records_total", count, stream=stream)
        for stream, count in landing.lost.items():
            health.total("lost_total", count, reason="store", stream=stream)
        health.total("lost_total", receiving.drops, reason="kernel")
        for reason, count in decoding.lost.items():
            health.total("lost_total", count, reason=reason)
        health.total("lost_total", self.decoder.held.dropped, reason="template")
        while decoding.faults:
            health.complain(decoding.faults.popleft())
        both = (self.decoder.sequences, sflow.agents.sequences)
        health.total("sequence_lost_total", sum(each.lost for each in both))
        health.total("sequence_late_total", sum(each.late for each in both))
        health.total("sequence_restarts_total", sum(each.restarts for each in both))
        health.total("agent_dropped_samples_total", sflow.agents.dropped)
        health.total("template_evictions_total", self._templates.evicted)
        health.total("misfits_total", landing.misfits.total() + batches.misfits.total())
        health.gauge("sources", len(self._admission))
        health.gauge("templates", len(self._templates))
        health.gauge("held_bytes", self.decoder.held.octets)
        health.gauge("ring_used", ring.waiting / ring.slots)
        health.gauge("receive_buffer_bytes", receiving.buffer_bytes)


def collector(context: Context) -> Collector:
    """The collector of one process."""
    return FlowCollector(context)
