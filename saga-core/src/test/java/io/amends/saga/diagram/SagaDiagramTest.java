package io.amends.saga.diagram;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.saga.Command;
import io.amends.saga.Commands;
import io.amends.saga.Reply;
import io.amends.saga.Success;
import io.amends.saga.definition.SagaDefinition;
import org.junit.jupiter.api.Test;

class SagaDiagramTest {

    record Trip(String city) {}

    record Book(String what) implements Command<Reply> {}

    record Cancel(String what) implements Command<Reply> {}

    record Done() implements Success {}

    record Send(String what) implements Command<Done> {}

    @Test
    void a_definition_is_drawn_forward_by_groups_and_back_through_its_compensations() {
        SagaDefinition trip = SagaDefinition.named("trip")
                .version(3)
                .data(Trip.class)
                .localStep("quota", data -> data)
                .compensatedLocallyBy(data -> data)
                .step("car", "rental", Book.class, data -> new Book("car"))
                .compensatedBy("rental", Cancel.class, data -> new Cancel("car"))
                .alongside()
                .step("hotel", Book.class, data -> Commands.to(data.city(), new Book("room")))
                .compensatedBy(Cancel.class, data -> Commands.to(data.city(), new Cancel("room")))
                .awaitSignal("approval", "approved", Reply.class)
                .pivot("end", "bank", Book.class, data -> new Book("payment"))
                .retriable("mail", "post", Send.class, data -> new Send("tickets"))
                .build();

        assertThat(SagaDiagram.mermaid(trip)).isEqualTo("""
                flowchart LR
                  started(["trip v3"])
                  step-quota("quota")
                  step-car["car<br/>book to rental"]
                  step-hotel["hotel<br/>book"]
                  step-approval>"approval<br/>waits for reply"]
                  step-end{{"end<br/>book to bank"}}
                  step-mail["mail<br/>send to post"]
                  completed([COMPLETED])
                  started --> step-quota
                  step-quota --> step-car & step-hotel
                  step-car & step-hotel --> step-approval
                  step-approval --> step-end
                  step-end --> step-mail
                  step-mail --> completed
                  compensated([COMPENSATED])
                  undo-car[/"undo car<br/>cancel to rental"\\]
                  undo-hotel[/"undo hotel<br/>cancel"\\]
                  undo-quota[/"undo quota"\\]
                  step-quota -. turns back .-> undo-quota
                  step-car -. turns back .-> undo-car & undo-hotel
                  step-hotel -. turns back .-> undo-car & undo-hotel
                  step-approval -. turns back .-> undo-car & undo-hotel
                  step-end -. turns back .-> undo-car & undo-hotel
                  undo-car & undo-hotel -.-> undo-quota
                  undo-quota -.-> compensated
                """);
    }

    @Test
    void what_only_goes_forward_has_no_way_back() {
        SagaDefinition forward = SagaDefinition.named("forward")
                .data(Trip.class)
                .retriableLocalStep("note", data -> data)
                .build();

        assertThat(SagaDiagram.mermaid(forward)).isEqualTo("""
                flowchart LR
                  started(["forward v1"])
                  step-note("note")
                  completed([COMPLETED])
                  started --> step-note
                  step-note --> completed
                """);
    }

    @Test
    void a_pivot_with_nothing_to_undo_leads_straight_to_the_end() {
        SagaDefinition lone = SagaDefinition.named("lone")
                .data(Trip.class)
                .pivot("pay", "bank", Book.class, data -> new Book("payment"))
                .build();

        assertThat(SagaDiagram.mermaid(lone)).contains("  step-pay -. turns back .-> compensated\n");
    }
}
