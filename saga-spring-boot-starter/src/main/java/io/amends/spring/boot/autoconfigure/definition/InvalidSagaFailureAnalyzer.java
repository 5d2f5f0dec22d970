package io.amends.spring.boot.autoconfigure.definition;

import io.amends.saga.definition.InvalidSagaException;
import io.amends.saga.definition.Problem;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Lists everything that is wrong with the application's sagas, and what to do about each. */
@Order(Ordered.HIGHEST_PRECEDENCE + 100)
final class InvalidSagaFailureAnalyzer extends AbstractFailureAnalyzer<InvalidSagaException> {

    @Override
    protected FailureAnalysis analyze(Throwable failure, InvalidSagaException invalid) {
        List<Problem> problems = invalid.problems();
        String count = problems.size() == 1 ? "1 problem" : problems.size() + " problems";
        return new FailureAnalysis(
                problems.stream()
                        .map(problem ->
                                "%n- %s %s: %s".formatted(problem.code().code(), problem.where(), problem.message()))
                        .collect(Collectors.joining("", count + " in saga definitions:", "")),
                problems.stream()
                        .map(problem -> "- %s: %s".formatted(problem.where(), problem.hint()))
                        .distinct()
                        .collect(Collectors.joining(System.lineSeparator())),
                failure);
    }
}
