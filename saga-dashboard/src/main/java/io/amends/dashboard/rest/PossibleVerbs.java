package io.amends.dashboard.rest;

import io.amends.dashboard.access.Caller;
import io.amends.dashboard.instance.SagaView;
import io.amends.dashboard.verbs.ConsoleVerb;
import io.amends.dashboard.verbs.ConsoleVerb.EditAndRetry;
import io.amends.dashboard.verbs.ConsoleVerb.Migrate;
import io.amends.saga.engine.ReasonCode;
import io.amends.saga.engine.SagaPhase;
import java.util.List;

/** Which verbs are worth offering: those that the caller may order and that where the saga stands does not rule out. Pure. */
final class PossibleVerbs {

    private PossibleVerbs() {}

    static List<String> of(SagaView saga, Caller caller, boolean edit, boolean hasOtherVersion) {
        return ConsoleVerb.NAMES.stream()
                .filter(caller::mayOrder)
                .filter(verb -> edit || !verb.equals(EditAndRetry.NAME))
                .filter(verb -> hasOtherVersion || !verb.equals(Migrate.NAME))
                .filter(verb -> allows(saga, verb))
                .toList();
    }

    private static boolean allows(SagaView saga, String verb) {
        boolean ended = saga.phase().isTerminal();
        return switch (verb) {
            case "reopen" -> ended && ReasonCode.RESOLVED_BY_HAND.name().equals(saga.reasonCode());
            case "resume-from-step" -> saga.phase() == SagaPhase.STUCK && saga.pause() == null && saga.cause() == null;
            case EditAndRetry.NAME -> saga.phase() == SagaPhase.STUCK && saga.pause() == null;
            case "retry" -> !ended && saga.pause() == null;
            case "pause" -> !ended && saga.pause() == null;
            case "resume" -> !ended && saga.pause() != null;
            case "compensate", "extend-deadline" -> !ended && saga.cause() == null;
            default -> !ended;
        };
    }
}
