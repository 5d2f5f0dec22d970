package io.amends.dashboard.live;

import java.io.IOException;
import java.util.UUID;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import tools.jackson.databind.json.JsonMapper;

/** Writes events as the browser's {@code EventSource} reads them. */
final class SseSink implements Sink {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final SseEmitter emitter;

    SseSink(SseEmitter emitter) {
        this.emitter = emitter;
    }

    private record Saga(String id, long revision) {}

    @Override
    public void counts(Seen.Counts counts) throws IOException {
        emitter.send(SseEmitter.event().name("counts").data(JSON.writeValueAsString(counts)));
    }

    @Override
    public void saga(UUID id, long revision) throws IOException {
        emitter.send(SseEmitter.event().name("saga").data(JSON.writeValueAsString(new Saga(id.toString(), revision))));
    }

    @Override
    public void beat() throws IOException {
        emitter.send(SseEmitter.event().comment("here"));
    }

    @Override
    public void end() {
        emitter.complete();
    }
}
