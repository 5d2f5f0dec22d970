package io.amends.spring.boot.autoconfigure.runtime;

import io.amends.runtime.participant.InvalidParticipantException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Lists everything that is wrong with the application's participants. */
@Order(Ordered.HIGHEST_PRECEDENCE + 100)
final class InvalidParticipantFailureAnalyzer extends AbstractFailureAnalyzer<InvalidParticipantException> {

    @Override
    protected FailureAnalysis analyze(Throwable failure, InvalidParticipantException invalid) {
        List<String> texts = new ArrayList<>();
        texts.add(String.valueOf(invalid.getMessage()));
        for (Throwable other : invalid.getSuppressed()) {
            texts.add(String.valueOf(other.getMessage()));
        }
        return new FailureAnalysis(
                String.join(System.lineSeparator(), texts), "Change the classes as the lines above say.", failure);
    }
}
