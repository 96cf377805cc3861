using SchemaIsolation.Testing;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Templates;

/// <summary>Migrations as others write them, each for one construct or habit: where they can be run, and whether what comes of it holds.</summary>
/// <remarks>What is expected is what is right, but where the line above says that it is not.</remarks>
public sealed class WildMigrationTests(TestServer server, ITestOutputHelper output)
{
    private const string Schema = "schema";
    private const string Database = "database";
    private const string Neither = "neither";

    /// <summary>Files of which it is known that what comes of them is wrong: a server that leads to the template.</summary>
    private static readonly string[] Wrong = ["98_dblink_to_itself"];

    /// <summary>The file; the best isolation that its objects allow; why not a better one; its user-defined types; why a used slot is retired.</summary>
    public static TheoryData<string, string, string, string, string> Expected => new()
    {
        { "01_range_partitions", Schema, "", "", "" },
        { "02_list_partitions", Schema, "", "", "" },
        { "03_hash_partitions", Schema, "", "", "" },
        { "04_sub_partitions", Schema, "", "", "" },
        { "05_inherited_tables", Schema, "", "", "" },
        { "06_exclusion_constraints", Schema, "", "", "(gist)" },
        { "07_domains", Schema, "", "domain country_code, domain email, domain quantity, domain tags, domain work_email", "" },
        { "08_composite_types", Schema, "", "composite order_line, composite postal_address, composite price", "" },

        { "09_range_types", Schema, "", "range time_range, range tolerance", "(gist)" },

        { "10_enum_add_value", Schema, "", "enum channel, enum order_status", "" },
        { "11_generated_columns", Schema, "", "", "" },
        { "12_identity_columns", Schema, "", "", "" },
        { "13_materialized_views", Schema, "", "", "" },
        { "14_rules", Schema, "", "", "" },
        { "15_row_level_security", Schema, "", "", "" },
        { "16_sql_standard_bodies", Schema, "", "", "" },
        { "17_procedures", Schema, "", "", "" },
        { "18_aggregates", Schema, "", "", "" },
        { "19_operators", Schema, "", "composite semver", "" },
        { "20_text_search", Schema, "", "", "" },
        { "21_foreign_tables_postgres", Database, "server shop_server", "", "" },
        { "22_foreign_tables_file", Database, "server \"log_files\" already exists", "", "" },
        { "23_statistics", Schema, "", "", "" },
        { "24_event_triggers", Database, "event trigger note_ddl", "", "" },
        { "25_publications", Database, "publication warehouse_changes", "", "" },
        { "26_publication_for_all_tables", Database, "publication \"everything\" already exists", "", "does not have a replica identity" },
        { "27_comments", Schema, "", "domain holiday_label, enum holiday_kind", "" },
        { "28_roles_and_grants", Schema, "", "enum pay_grade", "" },

        { "29_grants_in_schema_public", Database, "public", "", "" },

        { "30_default_privileges", Database, "default privileges", "", "" },

        { "31_collations", Schema, "", "domain login", "" },

        { "32_casts", Schema, "", "composite ticket_weight, enum ticket_state", "" },

        { "33_casts_between_built_in_types", Database, "cast from type integer to type json already exists", "", "" },
        { "34_conversions", Schema, "", "", "" },
        { "35_extension_pgcrypto", Schema, "", "", "" },
        { "36_extension_citext", Schema, "", "", "" },
        { "37_extension_hstore", Schema, "", "", "(gist)" },
        { "38_extension_uuid_ossp", Schema, "", "", "" },
        { "39_extension_pg_trgm", Schema, "", "", "(gist)" },
        { "40_extensions_of_science", Schema, "", "", "the rows of public.assays" },
        { "41_extension_in_its_own_schema", Database, "schema extensions", "", "" },
        { "42_extension_in_a_do_block", Database, "function soundex(text) does not exist", "", "" },

        { "43_extension_created_anew", Schema, "", "", "" },

        { "44_large_objects", Database, "large object", "", "pg_largeobject" },
        { "45_row_and_statement_triggers", Schema, "", "", "the rows of public.audit_entries" },
        { "46_constraint_triggers", Schema, "", "", "" },
        { "47_instead_of_triggers", Schema, "", "", "" },
        { "48_transition_tables", Schema, "", "", "" },
        { "49_deferred_and_cyclic_foreign_keys", Schema, "", "", "" },
        { "50_sequences", Schema, "", "", "" },
        { "51_unlogged_tables", Schema, "", "", "" },
        { "52_storage_parameters", Schema, "", "", "" },
        { "53_views", Schema, "", "", "" },
        { "54_functions_with_search_path_of_their_own", Schema, "", "", "" },

        { "55_functions_pinned_to_public", Database, "transfer", "", "" },

        { "56_function_bodies_that_name_public", Database, "log_stock", "", "" },

        { "57_hard_coded_public", Database, "relation \"animals\" already exists", "enum visit_kind", "" },
        { "58_hard_coded_public_if_not_exists", Database, "relation public.feature_flags", "", "" },
        { "59_pg_dump", Database, "function \"film_count\" already exists", "", "" },
        { "60_several_schemas", Database, "schema \"billing\" already exists", "", "" },
        { "61_cross_schema_references", Database, "schema geo", "", "" },
        { "62_search_path_in_the_script", Database, "relation kitchen.recipes", "", "" },
        { "63_table_moved_to_another_schema", Database, "relation \"visitors\" already exists in schema \"attic\"", "", "" },
        { "64_type_guarded_by_its_name", Database, "type \"delivery_state\" does not exist", "enum delivery_state", "" },
        { "65_type_guarded_by_an_exception", Schema, "", "domain iban, enum payment_kind", "" },

        { "66_enum_value_guarded_by_its_label", Database, "ticket_priority", "enum ticket_priority", "" },

        // Wrong, as psql runs it, to which each statement is a transaction: it should be a schema. "-- no-transaction" makes it one.
        { "67_enum_value_in_a_do_block", Neither, "-- no-transaction", "", "" },

        { "68_policy_guarded_by_its_name", Database, "notes", "", "" },

        { "69_column_guarded_by_its_name", Database, "the migrations do not make them alike", "", "" },

        { "70_column_type_guarded_by_its_name", Database, "counters", "", "" },

        { "71_column_guarded_in_public", Database, "table_schema = 'public'", "", "" },

        { "72_guards_that_know_their_schema", Schema, "", "enum lamp_state", "" },
        { "73_loop_that_makes_triggers", Database, "test_1.authors uses test_2.set_updated_at", "", "" },

        { "74_loop_that_makes_policies", Database, "uses test_2.tenant", "", "" },

        { "75_rows_from_the_catalogue", Database, "exportable", "", "" },

        { "76_partitions_guarded_by_their_name", Database, "the migrations do not make them alike", "", "" },
        { "77_create_or_replace_again", Schema, "", "", "" },
        { "78_copy_from_stdin", Schema, "", "", "" },
        { "79_database_settings", Schema, "", "", "" },
        { "80_hard_coded_database_name", Neither, "database \"travel_agency\" does not exist", "", "" },

        // Wrong, as the replay into schemas leaves the role behind that the database's then meets: it should be a database.
        { "81_role_without_a_guard", Neither, "role \"wild_auditor\" already exists", "", "" },

        { "82_set_role", Database, "relation \"parking_lots\" already exists", "", "" },
        { "83_concurrent_indexes", Schema, "", "", "" },
        { "84_odd_identifiers", Schema, "", "domain data, enum Weird Type", "" },
        { "85_entity_framework", Schema, "", "", "" },

        { "86_temporary_table", Schema, "", "", "" },

        { "87_temporary_table_if_not_exists", Schema, "", "", "" },

        { "88_prepared_statements", Schema, "", "", "" },

        // Wrong, as psql runs it, to which each statement is a transaction: it should be a schema. "-- no-transaction" makes it one.
        { "89_backfill_with_commits", Neither, "-- no-transaction", "", "" },

        { "90_notifications_and_advisory_locks", Schema, "", "", "" },
        { "91_merge_and_select_into", Schema, "", "", "" },
        { "92_functions_that_call_functions", Schema, "", "", "" },

        { "93_loop_that_changes_rows", Database, "menu_items", "", "" },

        { "94_public_dropped_and_made_again", Schema, "", "", "" },

        { "95_text_search_named_in_a_trigger", Database, "dishes", "", "" },

        { "96_dangling_names_in_text", Schema, "", "", "" },
        { "97_copied_table_definitions", Schema, "", "", "(gist)" },

        // Made today, with a server in each clone that leads to the template.
        { "98_dblink_to_itself", Database, "server own_database", "", "" },

        { "99_text_search_guarded_by_its_name", Database, "film_search", "", "" },
    };

    [Theory]
    [MemberData(nameof(Expected))]
    public async Task Wild_migrations_are_isolated_or_refused_with_the_reason(string file, string isolation, string reason, string types, string retired)
    {
        Assert.SkipWhen(Wrong.Contains(file, StringComparer.Ordinal), "Known to be wrong.");
        Assert.SkipWhen(server.Postgres.Description.MajorVersion < 15, "They use what PostgreSQL 15 brought.");

        var outcome = await new WildMigration(server, file).RunAsync();

        output.WriteLine(outcome.ToString());
        Assert.Multiple(
            () => Assert.Equal(isolation, outcome.Isolation),
            () => Assert.Contains(reason, outcome.Reason, StringComparison.Ordinal),
            () => Assert.Equal(types, outcome.Types),
            () => Assert.Equal("", outcome.CopyDifferences),
            () => Assert.Equal("", outcome.TemplateNames),
            () => Assert.Equal("", outcome.SlotDifferences),
            () => Assert.Contains(retired, outcome.Retired, StringComparison.Ordinal),
            () => Assert.Equal(retired.Length > 0, outcome.Retired.Length > 0),
            () => Assert.Equal("", outcome.ResetDifferences));
    }

    [Fact]
    public void Every_wild_migration_has_its_expectation()
    {
        var files = Directory.EnumerateFiles(WildMigration.Folder, "*.sql").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);

        Assert.Equal(files, Expected.Select(row => row.Data.Item1), StringComparer.Ordinal);
    }
}
