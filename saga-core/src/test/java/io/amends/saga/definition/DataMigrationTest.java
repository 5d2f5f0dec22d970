package io.amends.saga.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.amends.saga.Command;
import io.amends.saga.MigratesData;
import io.amends.saga.Saga;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import io.amends.saga.Success;
import org.junit.jupiter.api.Test;

/** How data of another version is taken, as the saga's class or the builder declares it. */
class DataMigrationTest {

    record Parcel(String id, String to) {}

    record OldParcel(String id, String street, String town) {}

    record Pack(String id) implements Command<Packed> {}

    record Packed() implements Success {}

    static class Packing {

        @SagaStep(order = 1, name = "pack", kind = StepKind.PIVOT, participant = "warehouse")
        Pack pack(Parcel parcel) {
            return new Pack(parcel.id());
        }
    }

    @Saga(name = "parcel", version = 2)
    static class ParcelSaga extends Packing {

        @MigratesData(from = 1)
        Parcel of(OldParcel old) {
            return new Parcel(old.id(), old.street() + ", " + old.town());
        }
    }

    @Saga(name = "parcel", version = 2)
    static class WrongSaga extends Packing {

        @MigratesData(from = 2)
        Parcel ofItself(OldParcel old) {
            return new Parcel(old.id(), "");
        }

        @MigratesData(from = 1)
        String ofText(OldParcel old) {
            return old.id();
        }

        @MigratesData(from = 1)
        Parcel again(OldParcel old, String more) {
            return new Parcel(old.id(), more);
        }

        @MigratesData(from = 1)
        Parcel yetAgain(OldParcel old) {
            return new Parcel(old.id(), "");
        }
    }

    private static void assertTakesOldParcels(SagaDefinition definition) {
        DataMigration migration = definition.migrationFrom(1).orElseThrow();
        assertThat(migration.dataType()).isEqualTo(OldParcel.class);
        assertThat(migration.migrate().apply(new OldParcel("7", "Elm Street", "Ulm")))
                .isEqualTo(new Parcel("7", "Elm Street, Ulm"));
        assertThat(definition.dataType()).isEqualTo(Parcel.class);
        assertThat(definition.migrationFrom(3)).isEmpty();
    }

    @Test
    void a_method_or_a_function_makes_it_this_versions_data() {
        assertTakesOldParcels(AnnotatedSagas.read(new ParcelSaga()));
        assertTakesOldParcels(SagaDefinition.named("parcel")
                .version(2)
                .data(Parcel.class)
                .pivot("pack", "warehouse", Pack.class, parcel -> new Pack(parcel.id()))
                .migratesData(1, OldParcel.class, old -> new Parcel(old.id(), old.street() + ", " + old.town()))
                .build());
    }

    @Test
    void running_instances_do_not_depend_on_it() {
        @Saga(name = "parcel", version = 2)
        class Plain extends Packing {}

        assertThat(AnnotatedSagas.read(new ParcelSaga()).fingerprint())
                .isEqualTo(AnnotatedSagas.read(new Plain()).fingerprint());
    }

    @Test
    void what_can_not_be_is_told_at_once() {
        InvalidSagaException refused =
                catchThrowableOfType(InvalidSagaException.class, () -> AnnotatedSagas.read(new WrongSaga()));

        assertThat(refused)
                .hasMessageContaining("it takes the data of version 2, and this is version 2")
                .hasMessageContaining("it returns String, which is not the saga's data")
                .hasMessageContaining("the data of version 1 is also taken by")
                .hasMessageContaining("takes one parameter, the other version's data");
    }
}
