package dev.firebreak.app.journal;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.firebreak.journal.EventCodec;
import dev.firebreak.run.JournalException;
import dev.firebreak.run.RunEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Events as JSON objects whose {@code type} is the event's name. Instants and durations are in ISO
 * 8601, other values in base units; NaN is the text {@code "NaN"}; the keys of maps are sorted.
 */
public final class JsonEventCodec implements EventCodec {
  private final ObjectWriter writer;
  private final ObjectReader reader;

  public JsonEventCodec() {
    JsonMapper mapper = mapper();
    writer = mapper.writerFor(RunEvent.class);
    reader = mapper.readerFor(RunEvent.class);
  }

  @Override
  public byte[] encode(RunEvent event) throws JournalException {
    try {
      return writer.writeValueAsBytes(event);
    } catch (JsonProcessingException e) {
      throw new JournalException("the event " + event + " cannot be written: " + e, e);
    }
  }

  @Override
  public RunEvent decode(byte[] bytes) throws JournalException {
    try {
      return reader.readValue(bytes);
    } catch (IOException e) {
      throw new JournalException("this is not an event: " + e.getMessage(), e);
    }
  }

  private static JsonMapper mapper() {
    JsonMapper mapper =
        JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .addModule(new DomainModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .visibility(PropertyAccessor.IS_GETTER, Visibility.NONE)
            .addMixIn(RunEvent.class, NamedByType.class)
            .build();
    mapper.registerSubtypes(eventTypes().toArray(NamedType[]::new));
    return mapper;
  }

  private static List<NamedType> eventTypes() {
    List<NamedType> types = new ArrayList<>();
    for (Class<?> type : RunEvent.class.getPermittedSubclasses()) {
      types.add(new NamedType(type, type.getSimpleName()));
    }
    return types;
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  private interface NamedByType {}
}
