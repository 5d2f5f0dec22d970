package io.amends.outbox.property;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.outbox.property.Violation.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the property counts as right and wrong. */
class CheckerTest {

    private final Journal journal = new Journal();
    private final Message first = committed(1, false);
    private final Message second = committed(2, false);
    private final Message third = committed(3, false);

    @Test
    void commit_order_is_right_also_with_repeats_after_it() {
        assertThat(kinds(Set.of(), first, second, first, third, second)).isEmpty();
    }

    @Test
    void a_committed_message_that_is_nowhere_is_lost() {
        assertThat(kinds(Set.of(), first, third)).containsExactly(Kind.LOST);
        assertThat(kinds(Set.of())).containsExactly(Kind.LOST);
    }

    @Test
    void a_message_before_an_earlier_one_is_out_of_order_even_if_it_is_repeated_later() {
        assertThat(kinds(Set.of(), first, third, second, third)).containsExactly(Kind.OUT_OF_ORDER);
    }

    @Test
    void what_was_rolled_back_or_never_written_is_invented() {
        Message undone = message("k", 4, false);
        journal.undone(List.of(undone));

        assertThat(kinds(Set.of(), first, second, undone, third)).containsExactly(Kind.INVENTED);
        assertThat(kinds(Set.of(), first, second, third, message("k", 4, false)))
                .containsExactly(Kind.INVENTED);
    }

    @Test
    void a_message_under_another_key_is_invented_there_and_lost_here() {
        List<Arrival> arrivals = new ArrayList<>(arrivals(first, second));
        arrivals.add(new Arrival(third.id(), "other", "0@2", 2));

        assertThat(Checker.check(journal, arrivals, Set.of()))
                .extracting(Violation::kind)
                .containsExactly(Kind.LOST, Kind.INVENTED);
    }

    @Test
    void from_a_refused_message_on_all_may_wait_if_they_are_visible_as_parked() {
        Message refused = committed(4, true);
        Message behind = committed(5, false);

        assertThat(kinds(Set.of(refused, behind), first, second, third)).isEmpty();
        assertThat(kinds(Set.of(refused), first, second, third)).containsExactly(Kind.LOST);
        assertThat(kinds(Set.of(behind), first, second, third)).containsExactly(Kind.LOST);
    }

    @Test
    void nothing_may_overtake_a_refused_message() {
        Message refused = committed(4, true);
        Message behind = committed(5, false);

        assertThat(kinds(Set.of(refused), first, second, third, behind)).containsExactly(Kind.OVERTOOK_A_REFUSED);
    }

    @Test
    void a_key_that_kafka_takes_must_not_wait() {
        assertThat(kinds(Set.of(second, third), first)).containsExactly(Kind.PARKED_FOR_NOTHING);
    }

    private List<Kind> kinds(Set<Message> parked, Message... onTopic) {
        Set<UUID> ids = parked.stream().map(Message::id).collect(Collectors.toSet());
        return Checker.check(journal, arrivals(onTopic), ids).stream()
                .map(Violation::kind)
                .toList();
    }

    private static List<Arrival> arrivals(Message... messages) {
        return Stream.of(messages)
                .map(message -> new Arrival(message.id(), message.key(), "0@" + message.version(), 1))
                .toList();
    }

    private Message committed(long version, boolean refused) {
        Message made = message("k", version, refused);
        journal.committed(List.of(made));
        return made;
    }

    private static Message message(String key, long version, boolean refused) {
        return new Message(UUID.randomUUID(), key, version, refused, "test");
    }
}
