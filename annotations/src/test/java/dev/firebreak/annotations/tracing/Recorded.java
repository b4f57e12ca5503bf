package dev.firebreak.annotations.tracing;

import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;

/** What was exported. */
record Recorded(List<SpanData> spans, List<LogRecordData> events) {}
