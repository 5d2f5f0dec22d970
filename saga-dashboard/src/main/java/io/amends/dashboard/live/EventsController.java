package io.amends.dashboard.live;

import io.amends.dashboard.access.ConsolePermission;
import io.amends.dashboard.access.Requires;
import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.rest.ConsoleController;
import io.amends.dashboard.rest.ConsoleProblem;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** A stream of server-sent events for an open page. */
@RequestMapping("/api/v1")
public final class EventsController implements ConsoleController {

    /** Then the page connects anew, and it is checked anew whether it may. */
    private static final Duration LONGEST = Duration.ofMinutes(15);

    private final LiveFeed feed;

    /** Of that feed. */
    public EventsController(LiveFeed feed) {
        this.feed = feed;
    }

    /** @param sagas ids with commas between them */
    @GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Requires(ConsolePermission.VIEW)
    ResponseEntity<SseEmitter> events(@RequestParam(defaultValue = "") String sagas) {
        Set<UUID> ids = ids(sagas);
        SseEmitter emitter = new SseEmitter(LONGEST.toMillis());
        try {
            Runnable end = feed.listen(ids, new SseSink(emitter));
            emitter.onCompletion(end);
            emitter.onTimeout(emitter::complete);
            emitter.onError(gone -> end.run());
        } catch (FeedFullException full) {
            throw new ConsoleProblem(503, "TOO_MANY_LISTENERS", full.told());
        }
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                // Proxies would otherwise collect events until they are many.
                .header("X-Accel-Buffering", "no")
                .header(HttpHeaders.CONTENT_TYPE, MediaType.TEXT_EVENT_STREAM_VALUE)
                .body(emitter);
    }

    private static Set<UUID> ids(String text) {
        Set<UUID> ids = new HashSet<>();
        for (String id : text.split(",", LiveFeed.MOST_SAGAS + 2)) {
            if (!id.isBlank()) {
                try {
                    ids.add(UUID.fromString(id.strip()));
                } catch (IllegalArgumentException other) {
                    throw ConsoleProblem.badRequest(
                            Sentence.of("'sagas' has ids with commas between them, at most %d.", LiveFeed.MOST_SAGAS));
                }
            }
        }
        return ids;
    }
}
