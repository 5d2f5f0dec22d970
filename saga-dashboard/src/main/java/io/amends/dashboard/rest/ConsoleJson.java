package io.amends.dashboard.rest;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import io.amends.dashboard.access.Masking;
import java.time.Duration;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/** How answers are written: every text without what is masked, records by their components and nothing else. */
public final class ConsoleJson {

    private ConsoleJson() {}

    /** With that masking. */
    public static JsonMapper mapper(Masking masking) {
        SimpleModule module = new SimpleModule("amends-console");
        module.addSerializer(String.class, new MaskedText(masking));
        module.addSerializer(Verbatim.class, new Plain());
        module.addSerializer(Duration.class, new Millis());
        return JsonMapper.builder()
                .changeDefaultVisibility(visible -> visible.withGetterVisibility(Visibility.NONE)
                        .withIsGetterVisibility(Visibility.NONE)
                        .withFieldVisibility(Visibility.ANY))
                .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .addModule(module)
                .build();
    }

    private static final class MaskedText extends StdSerializer<String> {

        private final Masking masking;

        private MaskedText(Masking masking) {
            super(String.class);
            this.masking = masking;
        }

        @Override
        public void serialize(String value, JsonGenerator to, SerializationContext context) {
            to.writeString(masking.text(value));
        }
    }

    private static final class Plain extends StdSerializer<Verbatim> {

        private Plain() {
            super(Verbatim.class);
        }

        @Override
        public void serialize(Verbatim value, JsonGenerator to, SerializationContext context) {
            to.writeString(value.text());
        }
    }

    /** In milliseconds, since scripts know no other way. */
    private static final class Millis extends StdSerializer<Duration> {

        private Millis() {
            super(Duration.class);
        }

        @Override
        public void serialize(Duration value, JsonGenerator to, SerializationContext context) {
            to.writeNumber(value.toMillis());
        }
    }
}
