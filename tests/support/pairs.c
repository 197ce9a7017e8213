/* Makes calls with given words, and says what became of a file: tests/tables/test_pairs.py.

   usage: pairs PATH <calls      a line for each: the number and its six words; a line that begins with "+"
                                 finds the file as the one before left it

   The file is open as descriptor 5. The words 0x7ead0001 and 0x7ead0002 stand for the addresses of PATH and
   of a byte. Answers are the result, the errno, the file's size and the byte. */

#define _FILE_OFFSET_BITS 64
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int count, char **args)
{
    char line[200], byte = 'x';
    if (count != 2)
        return 2;
    while (fgets(line, sizeof line, stdin)) {
        int kept = line[0] == '+';
        long number, words[6];
        if (sscanf(line + kept, "%ld %ld %ld %ld %ld %ld %ld", &number, words, words + 1, words + 2, words + 3,
                   words + 4, words + 5) != 7)
            return 3;
        for (int index = 0; index < 6; index++) {
            if (words[index] == 0x7ead0001)
                words[index] = (long)args[1];
            if (words[index] == 0x7ead0002)
                words[index] = (long)&byte;
        }
        if (!kept) {
            int file = open(args[1], O_RDWR | O_CREAT | O_TRUNC, 0600);
            if (file < 0 || (file != 5 && (dup2(file, 5) != 5 || close(file))))
                return 4;
            byte = 'x';
        }
        errno = 0;
        long result = syscall(number, words[0], words[1], words[2], words[3], words[4], words[5]);
        int found = errno;
        struct stat status;
        if (fstat(5, &status))
            return 5;
        printf("%ld %d %lld %c\n", result, found, (long long)status.st_size, byte);
        byte = '-';
    }
    return 0;
}
