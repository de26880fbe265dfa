#include "quota/memory.hpp"

#include <cerrno>
#include <new>
#include <string>
#include <utility>

#include <sys/mman.h>
#include <sys/stat.h>

#include "base/assert.hpp"

namespace quantconf::quota {
namespace {

std::unexpected<Error> system_failure(std::string operation, std::string subject) {
    return std::unexpected{Error{.operation = std::move(operation),
                                 .subject = std::move(subject),
                                 .cause = {errno, std::generic_category()}}};
}

class Mapping final : public Memory {
public:
    Mapping(void* address, Descriptor file, std::string name)
        : address_{address}, file_{std::move(file)}, name_{std::move(name)} {}
    Mapping(const Mapping&) = delete;
    Mapping& operator=(const Mapping&) = delete;
    ~Mapping() override { ::munmap(address_, sizeof(Record)); }

    Record& record() noexcept override { return *static_cast<Record*>(address_); }
    bool is_durable() const noexcept override { return file_.is_open(); }
    Outcome<void> sync(std::size_t offset, std::size_t size) override {
        if (::msync(static_cast<std::byte*>(address_) + offset, size, MS_SYNC) != 0) {
            return system_failure("bring to disk", name_);
        }
        return {};
    }
    bool is_in_place() const noexcept override {
        struct stat info {};
        return !file_.is_open() || ::fstat(file_.get(), &info) != 0 || info.st_nlink > 0;
    }
    std::string name() const override { return name_; }

private:
    void* address_;
    Descriptor file_;
    std::string name_;
};

void* map(int file, int flags) noexcept {
    return ::mmap(nullptr, sizeof(Record), PROT_READ | PROT_WRITE, MAP_SHARED | flags, file, 0);
}

}  // namespace

std::unique_ptr<Memory> anonymous_memory() {
    void* address = map(-1, MAP_ANONYMOUS);
    QC_ASSERT(address != MAP_FAILED);  // As with any memory that there is none of.
    return std::make_unique<Mapping>(address, Descriptor{}, "the ledger in memory");
}

Outcome<std::unique_ptr<Memory>> file_memory(Descriptor file, std::string name) {
    void* address = map(file.get(), 0);
    if (address == MAP_FAILED) {
        return system_failure("map", std::move(name));
    }
    return std::make_unique<Mapping>(address, std::move(file), std::move(name));
}

}  // namespace quantconf::quota
