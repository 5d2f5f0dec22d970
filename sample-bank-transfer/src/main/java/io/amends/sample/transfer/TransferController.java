package io.amends.sample.transfer;

import io.amends.sample.web.BadInputException;
import io.amends.sample.web.JsonBody;
import io.amends.sample.web.NotFoundException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Takes transfers and shows them. */
@RestController
class TransferController {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final TransferDesk desk;
    private final TransferWaiters waiters;
    private final BankClient banks;

    TransferController(TransferDesk desk, TransferWaiters waiters, BankClient banks) {
        this.desk = desk;
        this.waiters = waiters;
        this.banks = banks;
    }

    @PostMapping("/transfers")
    ResponseEntity<?> submit(
            @RequestBody byte[] body, @RequestParam(name = "precheck", defaultValue = "true") String precheck) {
        if (!precheck.equals("true") && !precheck.equals("false")) {
            throw new BadInputException("precheck", "Must be true or false.");
        }
        JsonBody json = JsonBody.parse(body);
        String mode = json.optional("mode");
        if (mode != null && !mode.equals(TransferDesk.BY_SAGA) && !mode.equals(TransferDesk.TWO_PHASE)) {
            throw new BadInputException("mode", "Must be saga or 2pc.");
        }
        Transfer transfer = desk.read(json, precheck.equals("true"));
        if (!desk.submit(transfer, mode)) {
            return unavailable("Too many transfers by two-phase commit wait already; send it again later.");
        }
        return ResponseEntity.accepted()
                .location(URI.create("/transfers/" + transfer.id()))
                .body(desk.find(transfer.id()));
    }

    @GetMapping("/transfers/{id}")
    Object show(@PathVariable String id, @RequestParam(name = "wait", required = false) @Nullable String wait) {
        UUID transferId = JsonBody.uuid("transferId", id);
        Duration time = wait == null ? Duration.ZERO : duration(wait);
        if (time.isZero()) {
            return desk.find(transferId);
        }
        if (waiters.isFull()) {
            return unavailable("Too many requests wait already; ask again without wait, or later.");
        }
        return waiters.await(transferId, time);
    }

    /** The page reads the banks through here, so that it needs one origin only. */
    @GetMapping(path = "/banks/{bank}/audit", produces = MediaType.APPLICATION_JSON_VALUE)
    String audit(@PathVariable String bank) {
        return banks.audit(bank)
                .orElseThrow(() -> new NotFoundException("Bank %s is unknown or does not answer.".formatted(bank)));
    }

    /** Likewise for opening the page's two accounts; any client may call the bank itself. */
    @PostMapping(path = "/banks/{bank}/accounts")
    ResponseEntity<String> open(@PathVariable String bank, @RequestBody byte[] body) {
        HttpResponse<String> answer = banks.open(bank, body)
                .orElseThrow(() -> new NotFoundException("Bank %s is unknown or does not answer.".formatted(bank)));
        return ResponseEntity.status(answer.statusCode())
                .header(
                        "Content-Type",
                        answer.headers().firstValue("Content-Type").orElse(MediaType.APPLICATION_JSON_VALUE))
                .body(answer.body());
    }

    /** Whether a bank books what was reserved; not found where nobody may change that. */
    @GetMapping(path = "/banks/{bank}/books", produces = MediaType.APPLICATION_JSON_VALUE)
    String books(@PathVariable String bank) {
        return banks.books(bank)
                .orElseThrow(() -> new NotFoundException("The books of bank %s can't be closed here.".formatted(bank)));
    }

    /** Opens or closes them. */
    @PostMapping(path = "/banks/{bank}/books", produces = MediaType.APPLICATION_JSON_VALUE)
    String books(@PathVariable String bank, @RequestBody byte[] body) {
        return banks.books(bank, body)
                .orElseThrow(() -> new NotFoundException("The books of bank %s can't be closed here.".formatted(bank)));
    }

    private static ResponseEntity<?> unavailable(String detail) {
        return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, detail));
    }

    private static Duration duration(String text) {
        try {
            Duration time = DurationStyle.detectAndParse(text);
            if (!time.isNegative() && time.compareTo(LONGEST_WAIT) <= 0) {
                return time;
            }
        } catch (IllegalArgumentException notOne) {
            // answered below
        }
        throw new BadInputException("wait", "Write a duration of at most 30s, as in 5s.");
    }
}
