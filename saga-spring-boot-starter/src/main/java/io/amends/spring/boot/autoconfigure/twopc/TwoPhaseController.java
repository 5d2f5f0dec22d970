package io.amends.spring.boot.autoconfigure.twopc;

import io.amends.twopc.http.TwoPhaseHttp;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The endpoint for coordinators elsewhere, as Spring MVC serves it. All that it decides is in {@link TwoPhaseHttp}. */
@RestController
@RequestMapping("/twopc")
class TwoPhaseController {

    private final TwoPhaseHttp endpoint;

    TwoPhaseController(TwoPhaseHttp endpoint) {
        this.endpoint = endpoint;
    }

    @PostMapping("/{gid}/prepare")
    ResponseEntity<byte[]> prepare(
            @RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable String authorization,
            @PathVariable String gid,
            @RequestHeader(name = TwoPhaseHttp.TIMEOUT_HEADER, required = false) @Nullable String limit,
            @RequestHeader(name = HttpHeaders.CONTENT_TYPE, required = false) @Nullable String contentType,
            InputStream body) {
        return http(endpoint.prepare(authorization, gid, limit, contentType, body));
    }

    @PostMapping("/{gid}/commit")
    ResponseEntity<byte[]> commit(
            @RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable String authorization,
            @PathVariable String gid,
            @RequestHeader(name = TwoPhaseHttp.TIMEOUT_HEADER, required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String xid) {
        return http(endpoint.commit(authorization, gid, limit, xid));
    }

    @PostMapping("/{gid}/rollback")
    ResponseEntity<byte[]> rollback(
            @RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable String authorization,
            @PathVariable String gid,
            @RequestHeader(name = TwoPhaseHttp.TIMEOUT_HEADER, required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String xid) {
        return http(endpoint.rollback(authorization, gid, limit, xid));
    }

    @GetMapping("/in-doubt")
    ResponseEntity<byte[]> inDoubt(
            @RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable String authorization,
            @RequestHeader(name = TwoPhaseHttp.TIMEOUT_HEADER, required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String prefix) {
        return http(endpoint.inDoubt(authorization, limit, prefix));
    }

    @PostMapping("/states")
    ResponseEntity<byte[]> states(
            @RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable String authorization,
            @RequestHeader(name = TwoPhaseHttp.TIMEOUT_HEADER, required = false) @Nullable String limit,
            InputStream body) {
        return http(endpoint.states(authorization, limit, body));
    }

    private static ResponseEntity<byte[]> http(TwoPhaseHttp.Answer answer) {
        ResponseEntity.BodyBuilder response = ResponseEntity.status(answer.status());
        answer.headers().forEach(response::header);
        return response.body(answer.body().getBytes(StandardCharsets.UTF_8));
    }
}
