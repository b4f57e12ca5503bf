package dev.firebreak.app.journal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.run.RunId;
import dev.firebreak.service.CallGraph;
import dev.firebreak.service.ServiceName;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** Names and ids as text, and the call graph in one order for all JVMs. */
final class DomainModule extends SimpleModule {
  private static final long serialVersionUID = 1L;

  DomainModule() {
    text(ServiceName.class, ServiceName::new);
    text(FaultId.class, FaultId::new);
    text(FaultKind.class, FaultKind::new);
    text(RunId.class, RunId::new);
    addSerializer(new CallGraphWriter());
  }

  private <T> void text(Class<T> type, Function<String, T> read) {
    addSerializer(type, ToStringSerializer.instance);
    addDeserializer(type, new TextReader<>(type, read));
    addKeyDeserializer(
        type,
        new KeyDeserializer() {
          @Override
          public Object deserializeKey(String key, DeserializationContext context) {
            return read.apply(key);
          }
        });
  }

  private static final class TextReader<T> extends StdDeserializer<T> {
    private static final long serialVersionUID = 1L;

    private final transient Function<String, T> read;

    TextReader(Class<T> type, Function<String, T> read) {
      super(type);
      this.read = read;
    }

    @Override
    public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
      return read.apply(context.readValue(parser, String.class));
    }
  }

  private static final class CallGraphWriter extends StdSerializer<CallGraph> {
    private static final long serialVersionUID = 1L;

    private static final Comparator<CallGraph.Edge> ORDER =
        Comparator.comparing(CallGraph.Edge::caller).thenComparing(CallGraph.Edge::callee);

    CallGraphWriter() {
      super(CallGraph.class);
    }

    @Override
    public void serialize(CallGraph graph, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      List<CallGraph.Edge> edges = graph.edges().stream().sorted(ORDER).toList();
      json.writeStartObject();
      provider.defaultSerializeField("edges", edges, json);
      json.writeEndObject();
    }
  }
}
