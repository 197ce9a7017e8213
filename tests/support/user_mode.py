"""What user-mode emulation (qemu-user) cannot show, and why: tests are skipped there with these reasons.

Found by running all tests so, and looking at those that failed, which do not on an emulated machine with a
kernel of that architecture. A test is named by its file and function, as a pattern where only some of its
variants fail.
"""

from __future__ import annotations

import os
from fnmatch import fnmatchcase

HERE = os.environ.get("PYSYS_EMULATION") == "user"
CANNOT_SHOW = {
    "no process is traced: the emulator has no ptrace": "test_trace::* test_command::*",
    "clone takes the flags of fork and threads alone, none that a child by way of a middle process has, and "
    "no process is without other threads, because the emulator has one": """
        test_proofs::test_example[clone]
        test_fork::*[2-clone3] test_fork::*[2-clone] test_fork::*[2-fork-kernel] test_fork::*[2-vfork]
        test_clone::test_C2_files_shared test_clone::test_C2_fs_shared
        test_clone::test_C2_sighand_shared test_clone::test_C2_sharing_is_refused_with_threads
        test_clone::test_C3_parent test_clone::test_C3_parent_settid[2]
        test_clone::test_C3_child_settid[2] test_clone::test_C3_child_cleartid
        test_clone::test_C3_child_cleartid_stays_registered[2]
        test_clone::test_C3_pidfd_leaves_the_child_no_descriptor[2] test_clone::test_C3_pidfd[2]
        test_clone::test_C4_vfork
        test_clone::test_C5_namespaces test_clone::test_C5_first_of_a_pid_namespace
        test_clone::test_C5_time_namespace_needs_clone3
        test_clone::test_C6_memory_is_shared_and_the_parents_thread_id_left_intact
        test_clone::test_C6_runs_while_the_parent_does
        test_clone::test_C6_native_function_without_shared_memory[2]
        test_clone::test_C6_no_handler_of_any_number_is_the_native_childs
        test_clone::test_C6_signals_of_the_native_child_are_not_the_parents
        test_clone::test_C6_shared_handlers_stay test_clone::test_C3_child_settid_and_pidfd
        test_interrupted::test_I1_a_sibling_is_ended_too
        test_clone::test_fn_result_is_the_exit_status[2]
        test_clone::test_a_thread_that_was_joined_does_not_count
        test_clone::test_children_in_another_pid_namespace[setns-fork-kernel]
        test_clone::test_children_in_another_pid_namespace[setns-vfork]
        test_clone::test_children_in_another_pid_namespace[setns-clone]
        test_clone::test_children_in_another_pid_namespace[setns-clone3] test_clone::test_exit_signal
        test_clone::test_C10_argument_order test_clone::test_a_socket_survives
        test_clone3::test_K2_pidfd test_clone3::test_K7_child_cleartid_stores_nothing
        test_fork::test_F15_warning_about_threads[fork-kernel]
        test_fork::test_F15_warning_about_threads[vfork]
        test_fork::test_F15_warning_about_threads[clone]
        test_fork::test_F15_warning_about_threads[clone3]
        test_fork::test_F15_warning_made_an_error[fork-kernel]
        test_fork::test_F15_warning_made_an_error[vfork]
        test_fork::test_F15_warning_made_an_error[clone]
        test_fork::test_F15_warning_made_an_error[clone3] test_spawn_settings::test_S3_new_namespaces
        test_spawn_settings::test_S3_join_namespaces
        test_spawn_settings::test_S3_join_namespaces_of_a_kind_that_the_kernel_does_not_name
        test_spawn_settings::test_S3_failures_inside_a_joined_pid_namespace
        test_spawn_settings::test_S3_pdeathsig_in_another_pid_namespace
        test_spawn_settings::test_S3_another_users_namespace_is_entered_on_a_copy
        test_spawn_settings::test_S3_id_maps test_vfork::test_V1_other_threads_run_on
        test_vfork::test_V1_middle_process_killed test_vfork::test_V2_credentials_and_places[2]
    """,
    "vfork is fork, and the parent does not see what kept the child from its exec": """
        test_proofs::test_example[execveat] test_proofs::test_example[vfork]
        test_spawn_settings::test_S3_chroot
        test_child::test_S9_never_another_process_with_its_id test_popen::test_S1_exceptions
        test_spawn::test_S1_exceptions_of_execve test_spawn::test_S1_executable_is_the_file_name
        test_spawn::test_S1_search_in_PATH test_spawn::test_S1_the_first_reason_of_PATH_is_reported
        test_spawn_corners::test_S10_a_path_is_not_a_descriptor test_spawn::test_S4_the_step_is_named
        test_spawn_corners::test_S13_a_start_that_fails_changes_nothing_here
        test_spawn_corners::test_S13_no_more_of_the_table_is_copied_than_is_needed
        test_spawn_corners::test_S13_where_a_table_cannot_be_shared
        test_spawn_both_ways::test_S3_both_ways_are_the_same
        test_spawn::test_S8_program_by_descriptor test_spawn::test_S8_program_without_a_name
        test_spawn::test_S8_script_by_descriptor
        test_spawn_settings::test_S3_ambient_capabilities test_spawn_settings::test_S3_cgroup
        test_spawn_settings::test_S3_ambient_capabilities_of_the_second_word
        test_shut_in::test_H1_what_was_imported_by_name_works
    """,
    "the run's user namespace has one user and no other groups": """
        test_spawn_settings::test_S3_cwd_of_either_user
        test_spawn_settings::test_S3_user_and_groups
        test_credentials::test_groups_are_set_and_read
        test_clone::test_C5_without_the_capability test_fork::test_F13_refused_by_the_process_limit
        test_spawn::test_S4_no_process_to_be_had test_spawn_settings::test_S3_id_maps_unprivileged
    """,
    # do_fork in its linux-user/syscall.c
    "the emulator opens the pidfd when the child has begun, and shows descriptor 0 where that has ended": """
        test_clone::test_C3_pidfd_of_a_child_that_nobody_waits_for
    """,
    "a child that takes a robust mutex hangs under the emulator": """
        test_fork::test_F17_thread_id_is_right_in_the_child
    """,
    "the emulator does not translate this call, or answers otherwise than a kernel": """
        test_proofs::test_example[seccomp] test_proofs::test_causes test_queues::test_messages_have_a_priority
        test_all::test_safe_invocation test_arguments::test_not_locked_by_word
        test_shut_in::test_H1_after_preload_everything_works
        test_arguments::test_word
        test_descriptors::test_a_failed_call_leaves_no_descriptor
        test_pidfd::test_a_signal_goes_to_the_process_with_its_information
        test_processes::test_memory_is_read_and_written
        test_queues::test_a_message_is_announced
        test_signals::test_masks_and_pending_signals_are_what_signal_says
        test_syscall::test_read_only_where_the_kernel_reads test_syscall::test_handler_that_raises
    """,
    "ids, rights, threads and suspended parents are those of the emulator's process": """
        test_fork::test_F8_C1_from_another_thread test_spawn::test_S4_privileges_refused
        test_spawn::test_S4_no_descriptor_left test_spawn::test_S7_nothing_is_copied
        test_spawn_settings::test_S3_session_and_process_group
        test_spawn_settings::test_S3_controlling_terminal test_spawn_settings::test_S3_signal_mask
        test_spawn_settings::test_S3_signal_dispositions
        test_spawn_settings::test_S3_priority_and_affinity
        test_spawn_settings::test_S3_credentials_are_the_childs_alone
        test_spawn_settings::test_S3_a_map_that_is_refused test_tour::test_tour
        test_tour::test_tour_shows_each_step_once test_vfork::test_V1_parent_waits_for_the_exit
        test_vfork::test_V1_parent_waits_for_the_exec test_vfork::test_V3_signal_storm[2]
        test_vfork::test_V5_many_in_a_row
    """,
}


def reason(name: str) -> str | None:
    """Why a test, `file::function[variant]`, cannot be shown here; None where it can."""
    if not HERE:
        return None
    for why, patterns in CANNOT_SHOW.items():
        for pattern in patterns.split():
            # A bracket is a bracket here.
            literal = pattern.replace("[", "[[]")
            if fnmatchcase(name, literal) or fnmatchcase(name, f"{literal}[[]*"):
                return f"user-mode emulation: {why}"
    return None
